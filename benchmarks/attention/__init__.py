"""Time, bytes and weight in the browser of our attention plots and explorer, beside BertViz, inspectus and others."""
