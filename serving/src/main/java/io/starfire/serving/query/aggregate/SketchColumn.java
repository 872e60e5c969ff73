package io.starfire.serving.query.aggregate;

import io.starfire.common.StarfireException;
import io.starfire.event.SketchSettings;
import io.starfire.segment.sketch.SketchBuilder;
import io.starfire.segment.sketch.SketchSpec;
import io.starfire.segment.sketch.ThetaSketches;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.SketchValue;
import io.starfire.serving.query.vector.BytesVector;
import io.starfire.serving.query.vector.Vector;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sketch for each group, as bytes; null for one without values. The result is the estimate of the
 * number of distinct values, or the number of all. Not thread-safe.
 */
final class SketchColumn extends AggregateColumn {
  private final Aggregation aggregation;
  private final SketchSpec spec;
  private final BytesVector sketches = new BytesVector();

  /** Of the groups that were asked for; NaN is one that was not. Groups may be sorted by them. */
  private double[] numbers = {};

  private long waitingBytes;

  SketchColumn(Aggregation aggregation, SketchSpec spec) {
    super(aggregation.type());
    this.aggregation = aggregation;
    this.spec = spec;
  }

  SketchSpec spec() {
    return spec;
  }

  String name() {
    return aggregation.name();
  }

  /** Says how much more memory is taken by values that wait to be added, or how much less. */
  void addWaitingBytes(long bytes) {
    waitingBytes += bytes;
  }

  @Override
  protected long extraBytes() {
    return waitingBytes + (long) Double.BYTES * numbers.length;
  }

  @Override
  protected List<Vector> vectors() {
    return List.of(sketches);
  }

  /** A builder that holds what a group has. */
  SketchBuilder open(int group) {
    SketchBuilder builder = spec.newBuilder();
    if (!sketches.isNull(group)) {
      add(builder, bytes(group));
    }
    return builder;
  }

  /** Makes what is in a builder the sketch of a group. */
  void close(int group, SketchBuilder builder) {
    sketches.set(group, builder.toBytes());
  }

  /** Adds a sketch to a builder; one that is damaged is an error that names the aggregation. */
  void add(SketchBuilder builder, byte[] sketch) {
    try {
      builder.addSketch(sketch);
    } catch (StarfireException e) {
      throw new StarfireException(
          e.code(), "aggregation '%s': %s".formatted(aggregation.name(), e.getMessage()), e);
    }
  }

  /** Adds a sketch to that of a group. */
  void add(int group, byte[] sketch) {
    SketchBuilder builder = open(group);
    add(builder, sketch);
    close(group, builder);
  }

  private byte[] bytes(int group) {
    int start = sketches.start(group);
    return Arrays.copyOfRange(sketches.data(), start, start + sketches.length(group));
  }

  @Override
  public void merge(AggregateColumn other, int[] from, int[] into, int count) {
    SketchColumn added = (SketchColumn) other;
    for (int i = 0; i < count; i++) {
      int source = from[i];
      int group = into[i];
      if (added.sketches.isNull(source)) {
        continue;
      }
      if (sketches.isNull(group)) {
        sketches.set(
            group,
            added.sketches.data(),
            added.sketches.start(source),
            added.sketches.length(source));
      } else {
        add(group, added.bytes(source));
      }
    }
  }

  @Override
  public boolean isNull(int group) {
    return false;
  }

  @Override
  public double doubleAt(int group) {
    if (sketches.isNull(group)) {
      return 0;
    }
    if (numbers.length < sketches.capacity()) {
      int known = numbers.length;
      numbers = Arrays.copyOf(numbers, sketches.capacity());
      Arrays.fill(numbers, known, numbers.length, Double.NaN);
    }
    if (Double.isNaN(numbers[group])) {
      numbers[group] = new SketchValue(spec, bytes(group)).number();
    }
    return numbers[group];
  }

  @Override
  public long longAt(int group) {
    return Math.round(doubleAt(group));
  }

  @Override
  public SketchValue sketch(int group) {
    return sketches.isNull(group) ? SketchValue.empty(spec) : new SketchValue(spec, bytes(group));
  }

  @Override
  public @Nullable Object shown(int group, boolean finalizes) {
    Object shouldFinalize = aggregation.settings().get(SketchSettings.SHOULD_FINALIZE);
    if (!finalizes || Boolean.FALSE.equals(shouldFinalize)) {
      return sketch(group);
    }
    Object deviations = aggregation.settings().get(SketchSettings.ERROR_BOUNDS);
    return deviations == null
        ? value(group)
        : withBounds(sketch(group), Math.toIntExact((Long) deviations));
  }

  /** An estimate with its bounds, in Druid's form. */
  private static Map<String, Object> withBounds(SketchValue sketch, int deviations) {
    double[] bounds = ThetaSketches.bounds(sketch.bytes(), deviations);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("estimate", sketch.number());
    fields.put("highBound", bounds[1]);
    fields.put("lowBound", bounds[0]);
    fields.put("numStdDev", (long) deviations);
    return fields;
  }
}
