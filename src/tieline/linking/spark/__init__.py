"""People of two files joined on many machines, by Apache Spark: the same keys, the same scorer."""
