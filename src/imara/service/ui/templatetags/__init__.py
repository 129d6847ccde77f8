"""What templates can use: load it with `{% load imara_ui %}`."""
