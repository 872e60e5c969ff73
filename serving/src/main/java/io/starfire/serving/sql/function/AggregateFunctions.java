package io.starfire.serving.sql.function;

import java.util.List;

/** The aggregates that Calcite does not have, or has in another way. Stateless. */
final class AggregateFunctions {
  private AggregateFunctions() {}

  static List<AggregateDefinition> list() {
    return List.of(
        AggregateDefinition.of(
            "EARLIEST",
            "value[, maxBytes]",
            "The value of the row with the smallest __time.",
            Returns.FIRST),
        AggregateDefinition.of(
            "LATEST",
            "value[, maxBytes]",
            "The value of the row with the largest __time.",
            Returns.FIRST),
        AggregateDefinition.of(
            "EARLIEST_BY",
            "value, time[, maxBytes]",
            "The value of the row with the smallest time.",
            Returns.FIRST),
        AggregateDefinition.of(
            "LATEST_BY",
            "value, time[, maxBytes]",
            "The value of the row with the largest time.",
            Returns.FIRST),
        AggregateDefinition.of(
            "ANY_VALUE",
            "value[, maxBytes]",
            "A value of the rows, the same each time.",
            Returns.FIRST),
        AggregateDefinition.of(
            "APPROX_COUNT_DISTINCT", "value", "About how many distinct values.", Returns.BIGINT),
        AggregateDefinition.of(
            "APPROX_COUNT_DISTINCT_BUILTIN", "value", "The same.", Returns.BIGINT),
        AggregateDefinition.of(
            "APPROX_COUNT_DISTINCT_DS_HLL",
            "value[, lgK[, tgtHllType]]",
            "The same, by an HLL sketch.",
            Returns.BIGINT),
        AggregateDefinition.of(
            "APPROX_COUNT_DISTINCT_DS_THETA",
            "value[, size]",
            "The same, by a theta sketch.",
            Returns.BIGINT),
        AggregateDefinition.of(
            "APPROX_QUANTILE",
            "x, fraction[, k]",
            "About the value at or below which such a part of the values lies.",
            Returns.DOUBLE),
        AggregateDefinition.of(
            "APPROX_QUANTILE_DS", "x, fraction[, k]", "The same.", Returns.DOUBLE),
        AggregateDefinition.of(
            "DS_HLL",
            "value[, lgK[, tgtHllType]]",
            "An HLL sketch of the values.",
            Returns.complex("COMPLEX<HLLSketch>")),
        AggregateDefinition.of(
            "DS_THETA",
            "value[, size]",
            "A theta sketch of the values.",
            Returns.complex("COMPLEX<thetaSketch>")),
        AggregateDefinition.of(
            "DS_QUANTILES_SKETCH",
            "x[, k]",
            "A sketch of how the values are distributed.",
            Returns.complex("COMPLEX<quantilesDoublesSketch>")),
        AggregateDefinition.of(
            "ARRAY_AGG", "value[, maxBytes]", "The values as an array.", Returns.ARRAY_OF_FIRST),
        AggregateDefinition.of(
            "STRING_AGG",
            "value[, separator[, maxBytes]]",
            "The values that are not null as one text.",
            Returns.VARCHAR),
        AggregateDefinition.of(
            "LISTAGG", "value[, separator[, maxBytes]]", "As STRING_AGG.", Returns.VARCHAR),
        AggregateDefinition.of(
            "STDDEV_POP", "x", "Standard deviation of all values.", Returns.DOUBLE),
        AggregateDefinition.of(
            "STDDEV_SAMP", "x", "Standard deviation of a sample.", Returns.DOUBLE),
        AggregateDefinition.of("STDDEV", "x", "As STDDEV_SAMP.", Returns.DOUBLE),
        AggregateDefinition.of("VAR_POP", "x", "Variance of all values.", Returns.DOUBLE),
        AggregateDefinition.of("VAR_SAMP", "x", "Variance of a sample.", Returns.DOUBLE),
        AggregateDefinition.of("VARIANCE", "x", "As VAR_SAMP.", Returns.DOUBLE));
  }
}
