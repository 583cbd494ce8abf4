"""Looking into the record: searching, exporting, reconciling, and telling a person who looked at them."""
