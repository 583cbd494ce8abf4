"""Each control that protects a person, taken away: the test that is named with it must then be red."""
