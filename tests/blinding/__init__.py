"""Blinding proved: two worlds with every arm exchanged, and doors that open by the table alone."""
