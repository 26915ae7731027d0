"""Recipes: how the answers to a form become scores, as data, and the one function that follows them."""
