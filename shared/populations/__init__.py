"""What is known of dossiers and their steps, each fact declared once: everything that spells a row is made of this."""
