package io.starfire.segment.ingest;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads lines of separated values. Fields are found in the bytes first; numbers and times are read
 * from there, and only text becomes a String, from a small cache where values come again.
 *
 * <p>A field without quotes that is empty is null; one in quotes is the empty text. A line has to
 * have as many fields as there are columns.
 */
final class DelimitedDecoder extends RecordDecoder {
  private final RecordFormat.Delimited format;
  private final boolean discovers;
  private final DimensionCatalog catalog;

  /** For each column what it is for; null for one that may yet be discovered. */
  private final FieldTargets[] targets;

  private final TextCache[] caches;
  private final RowAssembler row;
  private final FieldScanner scanner;

  DelimitedDecoder(RowSpec spec, RecordFormat.Delimited format, DimensionCatalog catalog) {
    if (format.columns().isEmpty()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "data source '%s': the columns of the inputFormat are not known; name them in columns"
              .formatted(spec.schema().name()));
    }
    this.format = format;
    this.discovers = spec.discovery().isPresent();
    this.catalog = catalog;
    this.row = new RowAssembler(spec, catalog);
    this.scanner = new FieldScanner(format.delimiter(), format.quoted(), format.columns().size());
    Map<String, FieldTargets> fields = FieldTargets.of(spec);
    this.targets = new FieldTargets[format.columns().size()];
    this.caches = new TextCache[targets.length];
    for (int i = 0; i < targets.length; i++) {
      FieldTargets known = fields.get(format.columns().get(i));
      targets[i] = known == null && !discovers ? FieldTargets.IGNORED : known;
      caches[i] = new TextCache();
    }
  }

  @Override
  public DataRow decode(byte[] bytes, int offset, int length) {
    int end = offset + length;
    if (length > 0 && bytes[end - 1] == '\n') {
      end--;
    }
    if (end > offset && bytes[end - 1] == '\r') {
      end--;
    }
    scanner.scan(bytes, offset, end);
    row.start();
    for (int column = 0; column < targets.length; column++) {
      FieldTargets target = targets[column];
      if (target == null) {
        discover(column);
      } else if (!target.isIgnored() && !scanner.isNull(column)) {
        readField(column, target);
      }
    }
    boolean foundAny = row.foundAny();
    DataRow finished = row.finish();
    if (foundAny) {
      for (String found : row.foundNames()) {
        targets[format.columns().indexOf(found)] = FieldTargets.discovered(catalog.indexOf(found));
      }
    }
    return finished;
  }

  private void discover(int column) {
    if (!scanner.isNull(column)) {
      row.found(format.columns().get(column), readText(column, RowSpec.MultiValues.SORTED_ARRAY));
    }
  }

  private void readField(int column, FieldTargets target) {
    byte[] bytes = scanner.bytes(column);
    int from = scanner.from(column);
    int to = scanner.to(column);
    if (target.time()) {
      row.time(row.times().read(bytes, from, to));
    }
    for (int metric : target.metrics()) {
      readMetric(metric, bytes, from, to);
    }
    if (target.dimension() < 0) {
      return;
    }
    if (target.type() == ColumnType.STRING) {
      row.dimension(target.dimension(), readText(column, target.multiValues()));
    } else {
      row.numberDimension(target.dimension(), target.type(), TextCache.decode(bytes, from, to));
    }
  }

  private void readMetric(int metric, byte[] bytes, int from, int to) {
    if (from == to) {
      return;
    }
    try {
      row.metric(
          metric,
          row.isLongMetric(metric)
              ? Numerals.toLong(bytes, from, to)
              : Double.doubleToRawLongBits(Numerals.toDouble(bytes, from, to)));
    } catch (NumberFormatException e) {
      // Blank text is null, and what is no number is rejected with its reason.
      row.metricText(metric, TextCache.decode(bytes, from, to));
    }
  }

  private Object readText(int column, RowSpec.MultiValues handling) {
    byte[] bytes = scanner.bytes(column);
    int from = scanner.from(column);
    int to = scanner.to(column);
    String text = caches[column].get(bytes, from, to);
    int at = text.indexOf(format.listDelimiter());
    if (at < 0) {
      return text;
    }
    List<String> values = new ArrayList<>();
    int start = 0;
    while (at >= 0) {
      values.add(text.substring(start, at));
      start = at + 1;
      at = text.indexOf(format.listDelimiter(), start);
    }
    values.add(text.substring(start));
    return RowAssembler.values(values, handling);
  }
}
