package io.starfire.segment.ingest;

import io.starfire.decoding.Quoted;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code inputFormat}. Stateless. */
final class InputFormats {
  private static final List<String> SUPPORTED = List.of("json", "csv", "tsv");
  private static final List<String> OTHERS =
      List.of(
          "kafka",
          "avro_stream",
          "avro_ocf",
          "protobuf",
          "parquet",
          "orc",
          "regex",
          "javascript",
          "thrift",
          "kinesis",
          "lines");

  private InputFormats() {}

  static RecordFormat read(SpecObject format, IngestionSpec.Type type) {
    String name = format.requiredText("type");
    RecordFormat read =
        switch (name) {
          case "json" -> json(format);
          case "csv" -> delimited(format, ",", true, type);
          case "tsv" -> delimited(format, "\t", false, type);
          default -> {
            if (OTHERS.contains(name)) {
              throw SpecObject.unsupported(
                  "%s '%s' is not supported; use one of %s"
                      .formatted(format.pathOf("type"), name, SUPPORTED));
            }
            throw format.notOneOf("type", name, SUPPORTED);
          }
        };
    format.refuseOthers();
    return read;
  }

  private static RecordFormat json(SpecObject format) {
    Optional<SpecObject> flatten = format.object("flattenSpec");
    if (flatten.isPresent()) {
      SpecObject spec = flatten.get();
      spec.unsupported(
          "fields", "fields inside objects cannot be read; flatten them before you send them");
      if (!spec.bool("useFieldDiscovery", true)) {
        throw SpecObject.unsupported(
            "%s false is not supported: name the dimensions instead"
                .formatted(spec.pathOf("useFieldDiscovery")));
      }
      spec.refuseOthers();
    }
    format.unsupported("featureSpec", "JSON is read strictly");
    format.ignore(
        "a record or line holds one object, and nulls change nothing",
        "keepNullColumns",
        "assumeNewlineDelimited",
        "useJsonNodeReader");
    return new RecordFormat.Json();
  }

  private static RecordFormat delimited(
      SpecObject format, String usual, boolean quoted, IngestionSpec.Type type) {
    String delimiter = quoted ? usual : format.text("delimiter").orElse(usual);
    String listDelimiter = format.text("listDelimiter").orElse("\u0001");
    List<String> columns = format.texts("columns");
    boolean fromHeader = format.bool("findColumnsFromHeader", false);
    if (format.has("hasHeaderRow")) {
      fromHeader |= format.bool("hasHeaderRow", false);
    }
    int skipped = format.integer("skipHeaderRows", 0, 1_000_000).orElse(0);
    format.unsupported("tryParseNumbers", "give the type of a dimension in dimensionsSpec");
    if (type == IngestionSpec.Type.KAFKA && (fromHeader || skipped > 0)) {
      throw SpecObject.unsupported(
          "%s: a Kafka record is one line and has no header; name the columns instead"
              .formatted(format.pathOf(fromHeader ? "findColumnsFromHeader" : "skipHeaderRows")));
    }
    if (columns.isEmpty() && !fromHeader) {
      throw format.missing("columns", "the names of the fields in order");
    }
    checkColumns(format, columns);
    checkDelimiter(format, "delimiter", delimiter);
    checkDelimiter(format, "listDelimiter", listDelimiter);
    return new RecordFormat.Delimited(
        fromHeader ? List.of() : columns,
        delimiter.charAt(0),
        quoted,
        listDelimiter.charAt(0),
        fromHeader,
        skipped);
  }

  private static void checkColumns(SpecObject format, List<String> columns) {
    Set<String> names = new HashSet<>();
    for (String column : columns) {
      if (column.isEmpty() || !names.add(column)) {
        throw SpecObject.invalid(
            "%s must be different names, got '%s' %s"
                .formatted(
                    format.pathOf("columns"), column, column.isEmpty() ? "among them" : "twice"));
      }
    }
  }

  private static void checkDelimiter(SpecObject format, String field, String delimiter) {
    boolean one = delimiter.length() == 1 && delimiter.charAt(0) < 128;
    if (!one || "\"\r\n".contains(delimiter)) {
      throw SpecObject.invalid(
          "%s must be one ASCII character, and no quote or end of line, got %s"
              .formatted(format.pathOf(field), Quoted.of(delimiter)));
    }
  }
}
