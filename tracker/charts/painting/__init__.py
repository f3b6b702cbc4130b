"""How a picture is painted: its colours, its Vega-Lite chart, and the libraries that make SVG and PNG of that."""
