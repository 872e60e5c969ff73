package io.starfire.segment.ingest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.StarfireException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Druid ingestion spec, of type {@code kafka} (a supervisor) or {@code index_parallel} (a batch
 * run over files). A field of Druid's that has no effect here is accepted with a warning. A field
 * that would change the rows is refused with UNSUPPORTED. A field that Druid does not have, or that
 * has the wrong type, is refused with INVALID_INPUT. Immutable.
 *
 * @param type kafka or index_parallel
 * @param rows how records become rows
 * @param kafka the topic; present for type kafka
 * @param files the files; present for type index_parallel
 * @param tuning limits
 * @param suspended whether a supervisor starts suspended
 * @param warnings a sentence for each field that is ignored or has another meaning here
 */
public record IngestionSpec(
    Type type,
    RowSpec rows,
    Optional<KafkaInput> kafka,
    Optional<FileInput> files,
    Tuning tuning,
    boolean suspended,
    List<String> warnings) {

  /** The kind of a spec. */
  public enum Type {
    KAFKA("kafka"),
    INDEX_PARALLEL("index_parallel");

    private final String jsonName;

    Type(String jsonName) {
      this.jsonName = jsonName;
    }

    public String jsonName() {
      return jsonName;
    }
  }

  // Stricter than Json, which reads what Starfire wrote itself: a field given twice is refused.
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  public IngestionSpec {
    requireNonNull(type, "type");
    requireNonNull(rows, "rows");
    requireNonNull(kafka, "kafka");
    requireNonNull(files, "files");
    requireNonNull(tuning, "tuning");
    warnings = List.copyOf(warnings);
  }

  /** The data source, which is the id of its supervisor. */
  public String dataSource() {
    return rows.schema().name();
  }

  /**
   * Reads a spec.
   *
   * @throws StarfireException with INVALID_INPUT or UNSUPPORTED and a sentence that names the field
   */
  public static IngestionSpec parse(String json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      String reason = e.getOriginalMessage().split("\n", 2)[0];
      String where =
          e.getLocation() == null
              ? ""
              : " at line %d, column %d"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw SpecObject.invalid("the spec is not JSON%s: %s".formatted(where, reason));
    }
    if (!(root instanceof ObjectNode object)) {
      throw SpecObject.invalid("the spec must be a JSON object");
    }
    List<String> warnings = new ArrayList<>();
    return parse(new SpecObject("", object, warnings), warnings);
  }

  private static IngestionSpec parse(SpecObject root, List<String> warnings) {
    Type type = type(root);
    boolean suspended = root.bool("suspended", false);
    root.ignore("Starfire has no ingestion tasks", "context", "id", "resource");
    // Old specs, and those that Druid returns, have the three parts at the top level.
    SpecObject spec = root.has("spec") ? root.requiredObject("spec") : root;
    if (spec == root) {
      spec.has("type");
    } else {
      if (type == Type.KAFKA) {
        root.ignore("it stands in spec too", "dataSchema", "ioConfig", "tuningConfig");
      }
      root.refuseOthers();
    }
    SpecObject ioConfig = spec.requiredObject("ioConfig");
    SpecObject dataSchema = spec.requiredObject("dataSchema");
    Optional<SpecObject> tuningConfig = spec.object("tuningConfig");
    spec.refuseOthers();

    RecordFormat format = InputFormats.read(ioConfig.requiredObject("inputFormat"), type);
    DataSchemaReader schemas = new DataSchemaReader(dataSchema, format, type);
    RowSpec rows = schemas.read();
    Optional<KafkaInput> kafka = Optional.empty();
    Optional<FileInput> files = Optional.empty();
    if (type == Type.KAFKA) {
      kafka = Optional.of(IoConfigs.kafka(ioConfig));
    } else {
      files = Optional.of(IoConfigs.files(ioConfig, schemas.intervals()));
    }
    Tuning tuning = Tunings.read(tuningConfig, type);
    return new IngestionSpec(type, rows, kafka, files, tuning, suspended, warnings);
  }

  private static Type type(SpecObject root) {
    String name = root.requiredText("type");
    List<String> supported = new ArrayList<>();
    for (Type type : Type.values()) {
      if (type.jsonName.equals(name)) {
        return type;
      }
      supported.add(type.jsonName);
    }
    if (List.of("kinesis", "rabbit", "index", "index_hadoop", "autocompact", "materialized_view")
        .contains(name)) {
      throw SpecObject.unsupported(
          "specs of type '%s' are not supported; use one of %s".formatted(name, supported));
    }
    throw root.notOneOf("type", name, supported);
  }
}
