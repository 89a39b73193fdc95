"""The catalogue as one Excel file: 类别, 立案条件, 派遣规则, 环节时限. The file and the pages are the same thing.

`layout` declares the columns, `writing` and `reading` turn tables into a workbook and back (no
database), `stored` makes the tables of what is stored. Taking a file in is an action (`import_excel`).
"""
