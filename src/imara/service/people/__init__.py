"""Who works with the site, in which roles, at which centres; and the encrypted store of identities."""
