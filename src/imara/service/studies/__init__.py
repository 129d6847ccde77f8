"""Studies that the site conducts: versions of their definition, and amendments."""
