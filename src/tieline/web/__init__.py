"""The URL map, and every page that mixes own records with the exchange."""
