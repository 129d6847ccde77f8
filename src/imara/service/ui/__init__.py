"""Components, templates and static files of every page."""
