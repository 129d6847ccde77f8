"""What all pages look like: layouts, components, forms, tables, charts, and the words around them."""
