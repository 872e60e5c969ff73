package io.starfire.segment.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads JSON objects token by token: a record costs its values, and no tree or map. */
final class JsonDecoder extends RecordDecoder {
  private static final int MAX_DEPTH = 100;
  private static final int MAX_NAME_LENGTH = 1000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Field names come from outside: the JVM's table of strings would grow with them.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(1000)
                  .build())
          .build();

  private final boolean discovers;
  private final DimensionCatalog catalog;
  private final Map<String, FieldTargets> fields;
  private final RowAssembler row;

  JsonDecoder(RowSpec spec, DimensionCatalog catalog) {
    this.discovers = spec.discovery().isPresent();
    this.catalog = catalog;
    this.fields = FieldTargets.of(spec);
    this.row = new RowAssembler(spec, catalog);
  }

  @Override
  public DataRow decode(byte[] bytes, int offset, int length) {
    try (JsonParser parser = FACTORY.createParser(bytes, offset, length)) {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT) {
        throw RejectedRecordException.undecodable(
            first == null
                ? "the record is empty"
                : "the record must be a JSON object, it is " + describe(first));
      }
      row.start();
      String name = parser.nextFieldName();
      while (name != null) {
        readField(parser, name, parser.nextToken());
        name = parser.nextFieldName();
      }
      if (parser.nextToken() != null) {
        throw RejectedRecordException.undecodable("something follows after the JSON object");
      }
      return finish();
    } catch (JsonProcessingException e) {
      throw RejectedRecordException.undecodable(
          "it is not JSON, at byte %d: %s"
              .formatted(e.getLocation() == null ? 0 : e.getLocation().getByteOffset(), reason(e)));
    } catch (IOException e) {
      throw RejectedRecordException.undecodable("it is not JSON: " + e.getMessage());
    }
  }

  private DataRow finish() {
    boolean foundAny = row.foundAny();
    DataRow finished = row.finish();
    if (foundAny) {
      for (String found : row.foundNames()) {
        fields.put(found, FieldTargets.discovered(catalog.indexOf(found)));
      }
    }
    return finished;
  }

  private void readField(JsonParser parser, String name, JsonToken token) throws IOException {
    FieldTargets targets = fields.get(name);
    if (targets == null) {
      if (discovers) {
        discover(parser, name, token);
      } else {
        parser.skipChildren();
      }
      return;
    }
    if (targets.isIgnored() || token == JsonToken.VALUE_NULL) {
      parser.skipChildren();
      return;
    }
    if (targets.time()) {
      readTime(parser, name, token);
    }
    for (int metric : targets.metrics()) {
      readMetric(parser, name, metric, token);
    }
    if (targets.dimension() >= 0) {
      readDimension(parser, name, targets, token);
    } else {
      parser.skipChildren();
    }
  }

  private void discover(JsonParser parser, String name, JsonToken token) throws IOException {
    Object value = readValue(parser, token, RowSpec.MultiValues.SORTED_ARRAY);
    if (value == null) {
      return;
    }
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw RejectedRecordException.undecodable(
          "the name of a field that becomes a dimension must have 1 to %d characters, got %s"
              .formatted(MAX_NAME_LENGTH, Quoted.of(name)));
    }
    row.found(name, value);
  }

  private void readTime(JsonParser parser, String name, JsonToken token) throws IOException {
    switch (token) {
      case VALUE_STRING -> row.time(row.times().read(parser.getText()));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        try {
          row.time(row.times().read(Numerals.toLong(parser.getText())));
        } catch (NumberFormatException e) {
          throw row.times().unreadable(parser.getText());
        }
      }
      default ->
          throw RejectedRecordException.badTime(
              "the time in field '%s' is %s".formatted(name, describe(token)));
    }
  }

  private void readMetric(JsonParser parser, String name, int metric, JsonToken token)
      throws IOException {
    switch (token) {
      case VALUE_NUMBER_INT -> {
        if (row.isLongMetric(metric)
            && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
          row.metric(metric, parser.getLongValue());
        } else {
          row.metricText(metric, parser.getText());
        }
      }
      case VALUE_NUMBER_FLOAT, VALUE_STRING -> row.metricText(metric, parser.getText());
      default -> throw row.notANumber(metric, describe(token) + " in '" + name + "'");
    }
  }

  private void readDimension(JsonParser parser, String name, FieldTargets targets, JsonToken token)
      throws IOException {
    if (targets.type() == ColumnType.STRING) {
      row.dimension(targets.dimension(), readValue(parser, token, targets.multiValues()));
      return;
    }
    switch (token) {
      case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          row.numberDimension(targets.dimension(), targets.type(), parser.getText());
      default ->
          throw RejectedRecordException.undecodable(
              "field '%s' must be a number, it is %s".formatted(name, describe(token)));
    }
  }

  /** The value of a STRING dimension, or null; passes over objects. */
  private static Object readValue(JsonParser parser, JsonToken token, RowSpec.MultiValues handling)
      throws IOException {
    if (token == JsonToken.START_OBJECT) {
      parser.skipChildren();
      return null;
    }
    if (token != JsonToken.START_ARRAY) {
      return text(parser, token);
    }
    List<String> values = new ArrayList<>();
    boolean nested = false;
    for (JsonToken next = parser.nextToken();
        next != JsonToken.END_ARRAY;
        next = parser.nextToken()) {
      if (next == JsonToken.START_OBJECT || next == JsonToken.START_ARRAY) {
        nested = true;
        parser.skipChildren();
      } else {
        values.add(text(parser, next));
      }
    }
    return nested ? null : RowAssembler.values(values, handling);
  }

  /** Numbers as Java writes them, so that 1.50 and 1.5 are one value. */
  private static String text(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_NULL -> null;
      case VALUE_NUMBER_INT -> parser.getText().equals("-0") ? "0" : parser.getText();
      case VALUE_NUMBER_FLOAT -> Double.toString(parser.getDoubleValue());
      default -> parser.getText();
    };
  }

  private static String describe(JsonToken token) {
    return switch (token) {
      case START_ARRAY -> "an array";
      case START_OBJECT -> "an object";
      case VALUE_STRING -> "a text";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> token.name();
    };
  }

  private static String reason(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    int line = message.indexOf('\n');
    return line < 0 ? message : message.substring(0, line);
  }
}
