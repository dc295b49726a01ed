"""What to play next: more like this, the radio's rules, journeys and the map."""
