"""What is learnt of listeners from their plays; NumPy alone."""
