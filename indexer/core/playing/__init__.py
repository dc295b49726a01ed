"""Rules of playing without sound: the queue, shuffle, gain, and how much was heard."""
