"""What is sent of music and covers: original files in ranges, converted ones from a cache, pictures at a size."""
