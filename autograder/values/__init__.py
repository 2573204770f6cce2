"""What may cross the sandbox wall: plain values, their bytes, and formulas."""
