package io.starfire.segment.ingest;

import io.starfire.common.Times;
import io.starfire.common.Utf8Order;
import io.starfire.decoding.DecodingFailure;
import io.starfire.decoding.FieldValue;
import io.starfire.decoding.Quoted;
import io.starfire.decoding.RawRecord;
import io.starfire.decoding.RecordBuilder;
import io.starfire.decoding.RecordTarget;
import io.starfire.decoding.Utf8Text;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.MetricSpec;
import io.starfire.segment.json.JsonTexts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/** Puts rows of a data source together from fields, one at a time. Not thread-safe. */
final class RowTarget implements RecordTarget<DataRow>, RecordBuilder<DataRow> {
  private static final int MAX_NAME_LENGTH = 1000;

  /** Stands for a format without a delimiter between several values. */
  private static final int NO_DELIMITER = -1;

  private final RowSpec spec;
  private final DimensionCatalog catalog;
  private final boolean discovers;
  private final int listDelimiter;
  private final TimeReader times;

  /** Whether the record has a delimiter of several values somewhere. */
  private boolean hasLists;

  /** Numbers of fields by name; {@link #IGNORED} for one that nothing reads. */
  private final Map<String, Integer> numbers = new HashMap<>();

  private final List<FieldTargets> fields = new ArrayList<>();

  /** For each metric whether it is a long. */
  private final boolean[] longMetric;

  private final boolean[] metricsMissing;

  /** For each metric what reads its input if it is a sketch, else null. */
  private final SketchReader[] sketches;

  private final boolean hasSketches;
  private final List<String> foundNames = new ArrayList<>();
  private final List<Object> foundValues = new ArrayList<>();

  private Object[] dimensions;

  /** The bytes of the record, and for each dimension where in them its text lies, or 0. */
  private byte[] bytes;

  private long[] places;
  private long[] metricBits;
  private boolean[] metricNulls;
  private Object[] sketchInputs;
  private long timeMillis;
  private boolean hasTime;
  private LongPredicate isTaken;

  RowTarget(RowSpec spec, DimensionCatalog catalog) {
    this.spec = spec;
    this.catalog = catalog;
    this.discovers = spec.discovery().isPresent();
    this.listDelimiter =
        spec.format() instanceof RecordFormat.Delimited format
            ? format.listDelimiter()
            : NO_DELIMITER;
    this.times = new TimeReader(spec.time());
    FieldTargets.of(spec).forEach(this::number);
    List<MetricSpec> metrics = spec.schema().metrics();
    this.longMetric = new boolean[metrics.size()];
    this.metricsMissing = new boolean[metrics.size()];
    this.sketches = new SketchReader[metrics.size()];
    this.hasSketches = metrics.stream().anyMatch(metric -> metric.aggregation().isSketch());
    for (int i = 0; i < longMetric.length; i++) {
      longMetric[i] = metrics.get(i).aggregation().type() == ColumnType.LONG;
      boolean isSketch = metrics.get(i).aggregation().isSketch();
      metricsMissing[i] = spec.metricFields().get(i) != null && !isSketch;
      sketches[i] = isSketch ? new SketchReader(metrics.get(i), spec.metricFields().get(i)) : null;
    }
  }

  /** Says of which times the next rows are taken; a row of another time adds no dimension. */
  void take(LongPredicate taken) {
    isTaken = taken;
  }

  private void number(String name, FieldTargets targets) {
    numbers.put(name, targets.isIgnored() ? IGNORED : fields.size());
    fields.add(targets);
  }

  @Override
  public int field(String name) {
    Integer number = numbers.get(name);
    if (number != null) {
      return number;
    }
    return discovers ? UNKNOWN : IGNORED;
  }

  @Override
  public RecordBuilder<DataRow> begin(RawRecord record) {
    dimensions = new Object[(discovers ? catalog.schema() : spec.schema()).dimensions().size()];
    bytes = record.bytes();
    places = new long[dimensions.length];
    hasLists = listDelimiter != NO_DELIMITER && mayHave(record, listDelimiter);
    metricBits = new long[longMetric.length];
    metricNulls = metricsMissing.clone();
    sketchInputs = hasSketches ? new Object[longMetric.length] : null;
    hasTime = false;
    foundNames.clear();
    foundValues.clear();
    return this;
  }

  @Override
  public void set(int field, FieldValue value) {
    FieldTargets targets = fields.get(field);
    if (targets.time()) {
      hasTime = !value.isBlank();
      timeMillis = hasTime ? times.read(value) : 0;
    }
    // What reads numbers comes first: a list is passed on once only, and says no more after it.
    for (int metric : targets.metrics()) {
      if (sketches[metric] == null) {
        metric(metric, value);
      }
    }
    if (targets.json()) {
      setJson(targets, value);
      return;
    }
    boolean isText = targets.dimension() >= 0 && targets.type() == ColumnType.STRING;
    if (targets.dimension() >= 0 && !isText) {
      dimensions[targets.dimension()] = numberDimension(targets, value);
    }
    if (isText || hasSketches) {
      setTexts(targets, value, isText);
    }
  }

  /** A sketch of a nested field has its scalars: what is inside of one is passed on once only. */
  private void setJson(FieldTargets targets, FieldValue value) {
    boolean isScalar =
        value.kind() != FieldValue.Kind.LIST && value.kind() != FieldValue.Kind.OBJECT;
    for (int metric : targets.metrics()) {
      if (sketches[metric] != null) {
        sketchInputs[metric] = isScalar ? sketches[metric].read(value) : null;
      }
    }
    places[targets.dimension()] = 0;
    dimensions[targets.dimension()] = JsonTexts.of(value);
  }

  private void setTexts(FieldTargets targets, FieldValue value, boolean isText) {
    boolean isList = value.kind() == FieldValue.Kind.LIST;
    List<String> elements = isList ? elements(value) : null;
    for (int metric : targets.metrics()) {
      if (sketches[metric] != null) {
        sketchInputs[metric] =
            isList ? sketches[metric].readList(elements) : sketches[metric].read(value);
      }
    }
    if (isText && (isList || !stays(targets.dimension(), value))) {
      places[targets.dimension()] = 0;
      dimensions[targets.dimension()] =
          isList
              ? handledList(elements, targets.multiValues())
              : text(value, targets.multiValues());
    }
  }

  /** Whether a text can stay where it lies, in the bytes of the record. */
  private boolean stays(int dimension, FieldValue value) {
    byte[] utf8 = hasLists ? null : value.utf8();
    if (utf8 == null || !isRecord(utf8) || value.utf8To() == 0) {
      return false;
    }
    places[dimension] = DataRow.place(value.utf8From(), value.utf8To());
    dimensions[dimension] = null;
    return true;
  }

  /** Whether a record may have a character; always if it takes several bytes. */
  private static boolean mayHave(RawRecord record, int character) {
    return character >= 0x80
        || Utf8Text.contains(
            record.bytes(), record.valueFrom(), record.valueTo(), (byte) character);
  }

  // The same array, not one with the same bytes.
  @SuppressWarnings("ReferenceEquality")
  private boolean isRecord(byte[] utf8) {
    return utf8 == bytes;
  }

  @Override
  public void found(String name, FieldValue value) {
    Object texts =
        value.kind() == FieldValue.Kind.LIST
            ? handledList(elements(value), RowSpec.MultiValues.SORTED_ARRAY)
            : text(value, RowSpec.MultiValues.SORTED_ARRAY);
    int at = foundNames.indexOf(name);
    if (at >= 0) {
      foundNames.remove(at);
      foundValues.remove(at);
    }
    if (texts == null) {
      return;
    }
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw new DecodingFailure(
          "the name of a field that becomes a dimension must have 1 to %d characters, got %s"
              .formatted(MAX_NAME_LENGTH, Quoted.of(name)));
    }
    foundNames.add(Utf8Text.requireWhole(name));
    foundValues.add(texts);
  }

  private void metric(int metric, FieldValue value) {
    metricNulls[metric] = value.isBlank();
    if (metricNulls[metric]) {
      return;
    }
    try {
      requireNumber(value);
      metricBits[metric] =
          longMetric[metric] ? value.longValue() : Double.doubleToRawLongBits(value.doubleValue());
    } catch (NumberFormatException | ArithmeticException e) {
      throw new DecodingFailure(
          "field '%s' must be %s for metric '%s', got %s"
              .formatted(
                  spec.metricFields().get(metric),
                  expected(longMetric[metric]),
                  spec.schema().metrics().get(metric).name(),
                  value.describe()),
          e);
    }
  }

  private Object numberDimension(FieldTargets targets, FieldValue value) {
    if (value.isBlank()) {
      return null;
    }
    boolean isLong = targets.type() == ColumnType.LONG;
    try {
      requireNumber(value);
      return isLong ? (Object) value.longValue() : (Object) value.doubleValue();
    } catch (NumberFormatException | ArithmeticException e) {
      throw new DecodingFailure(
          "field '%s' must be %s, got %s"
              .formatted(
                  spec.schema().dimensions().get(targets.dimension()).name(),
                  expected(isLong),
                  value.describe()),
          e);
    }
  }

  private static void requireNumber(FieldValue value) {
    switch (value.kind()) {
      case TEXT, INTEGER, DECIMAL, FLOATING -> {
        // It is one, or says by itself that it is none.
      }
      default -> throw new NumberFormatException("not a number");
    }
  }

  private static String expected(boolean isLong) {
    return isLong ? "a whole number within 64 bits" : "a number";
  }

  /** The value of a STRING dimension that is no list; passes over objects. */
  private Object text(FieldValue value, RowSpec.MultiValues handling) {
    return switch (value.kind()) {
      case NULL, OBJECT -> null;
      default -> splitText(value.text(), handling);
    };
  }

  /** The value of a STRING dimension: null, a String or a list of several. */
  private static Object handledList(List<String> elements, RowSpec.MultiValues handling) {
    return elements == null ? null : handled(elements, handling);
  }

  private Object splitText(String text, RowSpec.MultiValues handling) {
    return listDelimiter == NO_DELIMITER || text.indexOf(listDelimiter) < 0
        ? text
        : split(text, handling);
  }

  /** The elements of a list as texts; null if one of them is no scalar. */
  private static List<String> elements(FieldValue list) {
    List<String> values = new ArrayList<>();
    boolean[] nested = {false};
    list.elements(
        element -> {
          switch (element.kind()) {
            case LIST, OBJECT -> nested[0] = true;
            case NULL -> values.add(null);
            default -> values.add(element.text());
          }
        });
    return nested[0] ? null : values;
  }

  private Object split(String text, RowSpec.MultiValues handling) {
    List<String> values = new ArrayList<>();
    int start = 0;
    for (int at = text.indexOf(listDelimiter); at >= 0; at = text.indexOf(listDelimiter, start)) {
      values.add(text.substring(start, at));
      start = at + 1;
    }
    values.add(text.substring(start));
    return handled(values, handling);
  }

  private static Object handled(List<String> values, RowSpec.MultiValues handling) {
    List<String> kept = values;
    if (values.size() > 1 && handling != RowSpec.MultiValues.ARRAY) {
      kept = new ArrayList<>(values);
      kept.sort(Utf8Order.COMPARATOR);
    }
    if (handling == RowSpec.MultiValues.SORTED_SET) {
      kept = new ArrayList<>(kept.stream().distinct().toList());
    }
    return switch (kept.size()) {
      case 0 -> null;
      case 1 -> kept.get(0);
      default -> kept;
    };
  }

  /** The row; what was found becomes part of the catalog if the row's time is taken. */
  @Override
  public DataRow finish() {
    long time = hasTime ? timeMillis : times.missing();
    if (time < Times.MIN_MILLIS || time >= Times.END_MILLIS) {
      throw RejectedRecordException.badTime(
          "the time in field '%s' must be in the years 1970 to 9999, got %d ms"
              .formatted(spec.time().column(), time));
    }
    if (!foundNames.isEmpty() && isTaken.test(time)) {
      addFound();
    }
    return new DataRow(
        time,
        dimensions,
        bytes,
        places,
        metricBits,
        anyMetricNull() ? metricNulls : null,
        sketchInputs);
  }

  private boolean anyMetricNull() {
    for (boolean isNull : metricNulls) {
      if (isNull) {
        return true;
      }
    }
    return false;
  }

  private void addFound() {
    if (!catalog.add(foundNames)) {
      throw new DecodingFailure(
          "the record has new fields, such as %s; with them the data source would have more than %d dimensions; exclude fields in the spec, or name the dimensions there"
              .formatted(Quoted.of(foundNames.get(0)), catalog.maxDimensions()));
    }
    dimensions = Arrays.copyOf(dimensions, catalog.schema().dimensions().size());
    places = Arrays.copyOf(places, dimensions.length);
    for (int i = 0; i < foundNames.size(); i++) {
      int dimension = catalog.indexOf(foundNames.get(i));
      dimensions[dimension] = foundValues.get(i);
      number(foundNames.get(i), FieldTargets.discovered(dimension));
    }
  }
}
