"""Apache Spark: the same statements on tables that one machine cannot hold."""
