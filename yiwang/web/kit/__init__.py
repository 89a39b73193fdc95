"""The look and the parts that all doors share: layouts, components, forms, errors, and who may open a page.

Nouns: page (a view that declares what it needs), door (a set of pages with a place in the bar), part (a template tag).
Promises: no view is reached without its declared need; a refusal of the kernel becomes a page, a fragment or JSON in
one place; every page works under a strict content security policy and is useful without script.
"""
