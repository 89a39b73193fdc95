"""Party building (智慧党建): the life of a branch, what members do for residents, meeting places."""
