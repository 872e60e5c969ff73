package io.starfire.segment.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Times;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads {@code tuningConfig}. Stateless. */
final class Tunings {
  private static final Tuning NONE =
      new Tuning(
          OptionalInt.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          OptionalInt.empty());

  private Tunings() {}

  static Tuning read(Optional<SpecObject> given, IngestionSpec.Type type) {
    if (given.isEmpty()) {
      return NONE;
    }
    SpecObject tuning = given.get();
    String name = tuning.text("type").orElse(type.jsonName());
    if (!name.equals(type.jsonName())) {
      throw tuning.notOneOf("type", name, List.of(type.jsonName()));
    }
    OptionalInt rowsPerSegment = tuning.integer("maxRowsPerSegment", 1, Integer.MAX_VALUE);
    Optional<SpecObject> partitions = tuning.object("partitionsSpec");
    if (partitions.isPresent()) {
      OptionalInt ofPartitions = partitions(partitions.get());
      rowsPerSegment = ofPartitions.isPresent() ? ofPartitions : rowsPerSegment;
    }
    Tuning read =
        new Tuning(
            tuning.integer("maxRowsInMemory", 1, Integer.MAX_VALUE),
            bytes(tuning, "maxBytesInMemory"),
            period(tuning, "intermediatePersistPeriod"),
            rowsPerSegment,
            number(tuning, "maxTotalRows"),
            period(tuning, "intermediateHandoffPeriod"),
            maxParseExceptions(tuning));
    ignoreOthers(tuning);
    tuning.refuseOthers();
    return read;
  }

  private static OptionalInt partitions(SpecObject partitions) {
    String kind = partitions.text("type").orElse("dynamic");
    if (!List.of("dynamic", "hashed", "single_dim", "range").contains(kind)) {
      throw partitions.notOneOf("type", kind, List.of("dynamic", "hashed", "single_dim", "range"));
    }
    if (!kind.equals("dynamic")) {
      partitions.warn(
          "%s: rows are divided over segments as they come".formatted(partitions.path()));
    }
    OptionalInt rows = OptionalInt.empty();
    for (String field :
        List.of("maxRowsPerSegment", "targetRowsPerSegment", "targetPartitionSize")) {
      OptionalInt found = partitions.integer(field, 1, Integer.MAX_VALUE);
      rows = rows.isPresent() ? rows : found;
    }
    partitions.ignore(
        "rows are divided over segments as they come",
        "maxTotalRows",
        "numShards",
        "partitionDimensions",
        "partitionDimension",
        "partitionFunction",
        "assumeGrouped");
    partitions.refuseOthers();
    return rows;
  }

  private static OptionalInt maxParseExceptions(SpecObject tuning) {
    OptionalInt most = tuning.integer("maxParseExceptions", 0, Integer.MAX_VALUE);
    boolean report = tuning.bool("reportParseExceptions", false);
    return report ? OptionalInt.of(0) : most;
  }

  private static void ignoreOthers(SpecObject tuning) {
    tuning.ignore("a data loss stops the partition and is reported", "resetOffsetAutomatically");
    tuning.ignore(
        "it has no effect here, or the configuration of the server sets it",
        "indexSpec",
        "indexSpecForIntermediatePersists",
        "skipBytesInMemoryOverheadCheck",
        "maxPendingPersists",
        "handoffConditionTimeout",
        "segmentWriteOutMediumFactory",
        "workerThreads",
        "chatAsync",
        "chatThreads",
        "chatRetries",
        "httpTimeout",
        "shutdownTimeout",
        "offsetFetchPeriod",
        "logParseExceptions",
        "maxSavedParseExceptions",
        "numPersistThreads",
        "maxColumnsToMerge",
        "appendableIndexSpec",
        "releaseLocksOnHandoff",
        "basePersistDirectory",
        "maxNumConcurrentSubTasks",
        "maxRetry",
        "maxNumSegmentsToMerge",
        "totalNumMergeTasks",
        "taskStatusCheckPeriodMs",
        "chatHandlerTimeout",
        "chatHandlerNumRetries",
        "awaitSegmentAvailabilityTimeoutMillis",
        "forceGuaranteedRollup",
        "splitHintSpec",
        "pushTimeout",
        "maxAllowedLockCount",
        "numShards");
  }

  private static OptionalLong number(SpecObject spec, String field) {
    JsonNode value = spec.raw(field);
    if (value == null) {
      return OptionalLong.empty();
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 1) {
      throw spec.wrong(spec.pathOf(field), value, "a whole number above 0");
    }
    return OptionalLong.of(value.longValue());
  }

  /** A number of bytes; Druid takes 0 and -1 for its own default and for no limit. */
  private static OptionalLong bytes(SpecObject spec, String field) {
    JsonNode value = spec.raw(field);
    if (value != null && value.isIntegralNumber() && value.canConvertToLong()) {
      if (value.longValue() == 0 || value.longValue() == -1) {
        return OptionalLong.empty();
      }
    }
    return number(spec, field);
  }

  /** A period of time that is above zero; days have 24 hours. */
  static Optional<Duration> period(SpecObject spec, String field) {
    Optional<String> text = spec.text(field);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Duration duration = null;
    try {
      duration =
          text.get().contains("T") || !text.get().matches("P\\d+[WD]")
              ? Duration.parse(text.get())
              : Duration.ofMillis(Times.plusPeriod(0, text.get()));
    } catch (DateTimeParseException e) {
      duration = Duration.ZERO;
    }
    if (duration.isNegative() || duration.isZero()) {
      throw spec.wrong(
          spec.pathOf(field),
          spec.raw(field),
          "an ISO-8601 duration such as PT10M or P1D, above zero");
    }
    return Optional.of(duration);
  }
}
