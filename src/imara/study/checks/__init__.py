"""What must agree within a definition and between definitions, one module a subject."""
