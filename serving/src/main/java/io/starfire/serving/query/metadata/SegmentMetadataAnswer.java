package io.starfire.serving.query.metadata;

import com.fasterxml.jackson.core.JsonGenerator;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.event.MetricSpec;
import io.starfire.serving.query.result.Answer;
import io.starfire.serving.query.result.AnswerJson;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer to a segmentMetadata query, in Druid's shape. Immutable. */
record SegmentMetadataAnswer(List<SegmentAnalysis> analyses) implements Answer {
  /** The ISO period of each division of fixed or calendar length. */
  private static final Map<Granularity, String> PERIODS =
      Map.ofEntries(
          Map.entry(Granularity.SECOND, "PT1S"),
          Map.entry(Granularity.MINUTE, "PT1M"),
          Map.entry(Granularity.FIVE_MINUTE, "PT5M"),
          Map.entry(Granularity.TEN_MINUTE, "PT10M"),
          Map.entry(Granularity.FIFTEEN_MINUTE, "PT15M"),
          Map.entry(Granularity.THIRTY_MINUTE, "PT30M"),
          Map.entry(Granularity.HOUR, "PT1H"),
          Map.entry(Granularity.SIX_HOUR, "PT6H"),
          Map.entry(Granularity.EIGHT_HOUR, "PT8H"),
          Map.entry(Granularity.DAY, "P1D"),
          Map.entry(Granularity.WEEK, "P1W"),
          Map.entry(Granularity.MONTH, "P1M"),
          Map.entry(Granularity.QUARTER, "P3M"),
          Map.entry(Granularity.YEAR, "P1Y"));

  SegmentMetadataAnswer {
    analyses = List.copyOf(analyses);
  }

  @Override
  public void writeTo(OutputStream out, boolean pretty) throws IOException {
    try (JsonGenerator json = AnswerJson.generator(out, pretty)) {
      json.writeStartArray();
      for (SegmentAnalysis analysis : analyses) {
        write(json, analysis);
      }
      json.writeEndArray();
    }
  }

  private static void write(JsonGenerator json, SegmentAnalysis analysis) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", analysis.id());
    json.writeFieldName("intervals");
    if (analysis.intervals() == null) {
      json.writeNull();
    } else {
      json.writeStartArray();
      for (Interval interval : analysis.intervals()) {
        json.writeString(interval.toString());
      }
      json.writeEndArray();
    }
    json.writeObjectFieldStart("columns");
    for (Map.Entry<String, ColumnAnalysis> column : analysis.columns().entrySet()) {
      json.writeFieldName(column.getKey());
      write(json, column.getValue());
    }
    json.writeEndObject();
    json.writeNumberField("size", analysis.size());
    json.writeNumberField("numRows", analysis.numRows());
    json.writeFieldName("aggregators");
    writeAggregators(json, analysis.aggregators());
    json.writeNullField("timestampSpec");
    json.writeFieldName("queryGranularity");
    write(json, analysis.queryGranularity());
    json.writeFieldName("rollup");
    if (analysis.rollup() == null) {
      json.writeNull();
    } else {
      json.writeBoolean(analysis.rollup());
    }
    json.writeNullField("projections");
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, ColumnAnalysis column) throws IOException {
    json.writeStartObject();
    json.writeStringField("typeSignature", column.type());
    json.writeStringField("type", column.type());
    json.writeBooleanField("hasMultipleValues", column.hasMultipleValues());
    json.writeBooleanField("hasNulls", column.hasNulls());
    json.writeNumberField("size", column.size());
    json.writeFieldName("cardinality");
    if (column.cardinality() == null) {
      json.writeNull();
    } else {
      json.writeNumber(column.cardinality());
    }
    json.writeStringField("minValue", column.minValue());
    json.writeStringField("maxValue", column.maxValue());
    json.writeStringField("errorMessage", column.errorMessage());
    json.writeEndObject();
  }

  private static void writeAggregators(
      JsonGenerator json, @Nullable Map<String, MetricSpec> aggregators) throws IOException {
    if (aggregators == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    for (Map.Entry<String, MetricSpec> aggregator : aggregators.entrySet()) {
      json.writeFieldName(aggregator.getKey());
      if (aggregator.getValue() == null) {
        json.writeNull();
      } else {
        json.writeStartObject();
        json.writeStringField("type", aggregator.getValue().aggregation().combiningTypeName());
        json.writeStringField("name", aggregator.getKey());
        json.writeStringField("fieldName", aggregator.getKey());
        for (Map.Entry<String, Object> setting : aggregator.getValue().settings().entrySet()) {
          json.writeObjectField(setting.getKey(), setting.getValue());
        }
        json.writeEndObject();
      }
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, @Nullable Granularity granularity)
      throws IOException {
    if (granularity == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    String period = PERIODS.get(granularity);
    json.writeStringField("type", period == null ? granularity.jsonName() : "period");
    if (period != null) {
      json.writeStringField("period", period);
      json.writeStringField("timeZone", "UTC");
      json.writeNullField("origin");
    }
    json.writeEndObject();
  }
}
