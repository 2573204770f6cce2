"""What people read: terminal table, HTML, CSV, Gradescope JSON."""
