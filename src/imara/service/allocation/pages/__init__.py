"""Pages of allocation: for who enrols, who opens and watches over it, and for an emergency."""
