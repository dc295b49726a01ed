"""A tour of the real window: the whole job, done as a person would, with a picture and a line for every step."""

from musicplayer.tour.take import take_tour as take_tour
