"""Pages about people: signing in by link, one's own account, the administrator's pages, rights, history."""
