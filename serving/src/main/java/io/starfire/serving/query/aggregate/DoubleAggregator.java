package io.starfire.serving.query.aggregate;

import io.starfire.event.ColumnType;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.vector.DoubleVector;
import io.starfire.serving.query.vector.FlagVector;
import io.starfire.serving.query.vector.LongVector;
import io.starfire.serving.query.vector.Vector;
import java.util.Arrays;
import java.util.List;

/**
 * The sum, mean, minimum or maximum of doubles; over no value, null; NaN makes all of them NaN.
 * Sums over a row set whose values are decimals of few digits, as prices are, are sums of integers,
 * and so exact; each is divided once, at the end of the row set. Immutable.
 */
final class DoubleAggregator implements AggregatorFactory {
  private final Aggregation aggregation;
  private final Rule rule;

  /** What is made of the values. */
  enum Rule {
    SUM(0),
    MEAN(0),
    MIN(Double.POSITIVE_INFINITY),
    MAX(Double.NEGATIVE_INFINITY);

    /** Changes no value that it is combined with. */
    private final double neutral;

    Rule(double neutral) {
      this.neutral = neutral;
    }

    boolean adds() {
      return this == SUM || this == MEAN;
    }

    double combine(double left, double right) {
      return switch (this) {
        case SUM, MEAN -> left + right;
        case MIN -> Math.min(left, right);
        case MAX -> Math.max(left, right);
      };
    }
  }

  DoubleAggregator(Aggregation aggregation, Rule rule) {
    this.aggregation = aggregation;
    this.rule = rule;
  }

  @Override
  public AggregateColumn newColumn() {
    return new Doubles(rule);
  }

  @Override
  public Accumulator accumulator(RowSet rows, FilterCompiler filters, AggregateColumn into) {
    NumberSource source = NumberSource.of(aggregation, rows);
    return rule.adds() && source.sumsAreIntegers()
        ? new ScaledAdder((Doubles) into, source)
        : new Adder((Doubles) into, source);
  }

  private static final class Doubles extends AggregateColumn {
    private final Rule rule;
    private final DoubleVector combined;

    /** Without a value there is no result. */
    private final FlagVector present = new FlagVector();

    /** Numbers of values, by which a mean is divided; without room for anything else. */
    private final LongVector counts = new LongVector(0);

    Doubles(Rule rule) {
      super(ColumnType.DOUBLE);
      this.rule = rule;
      this.combined = new DoubleVector(rule.neutral);
    }

    @Override
    protected List<Vector> vectors() {
      return List.of(combined, present, counts);
    }

    @Override
    public void grow(int capacity) {
      combined.grow(capacity);
      present.grow(capacity);
      if (rule == Rule.MEAN) {
        counts.grow(capacity);
      }
    }

    /** Notes that a group has so many more values. */
    private void note(int group, long values) {
      present.values()[group] = true;
      if (rule == Rule.MEAN) {
        counts.values()[group] += values;
      }
    }

    /**
     * Notes that groups have one more value each.
     *
     * @param allPresent whether it is known that no group is without any
     */
    private void note(int[] groups, int count, boolean allPresent) {
      if (!allPresent) {
        boolean[] flags = present.values();
        for (int i = 0; i < count; i++) {
          flags[groups[i]] = true;
        }
      }
      if (rule == Rule.MEAN) {
        long[] numbers = counts.values();
        for (int i = 0; i < count; i++) {
          numbers[groups[i]]++;
        }
      }
    }

    @Override
    public void merge(AggregateColumn other, int[] from, int[] into, int count) {
      Doubles added = (Doubles) other;
      double[] values = combined.values();
      double[] addedValues = added.combined.values();
      if (rule.adds()) {
        add(values, addedValues, from, into, count);
      } else {
        for (int i = 0; i < count; i++) {
          values[into[i]] = rule.combine(values[into[i]], addedValues[from[i]]);
        }
      }
      boolean[] flags = present.values();
      boolean[] addedFlags = added.present.values();
      for (int i = 0; i < count; i++) {
        flags[into[i]] |= addedFlags[from[i]];
      }
      if (rule == Rule.MEAN) {
        long[] numbers = counts.values();
        long[] addedNumbers = added.counts.values();
        for (int i = 0; i < count; i++) {
          numbers[into[i]] += addedNumbers[from[i]];
        }
      }
    }

    private static void add(double[] sums, double[] added, int[] from, int[] into, int count) {
      for (int i = 0; i < count; i++) {
        sums[into[i]] += added[from[i]];
      }
    }

    @Override
    public boolean isNull(int group) {
      return !present.values()[group];
    }

    @Override
    public double doubleAt(int group) {
      double value = combined.values()[group];
      return rule == Rule.MEAN ? value / counts.values()[group] : value;
    }
  }

  private static final class Adder extends Accumulator {
    private final Doubles column;
    private final NumberSource source;

    /** Whether each group has a value, so that none need be noted. */
    private boolean allPresent;

    Adder(Doubles column, NumberSource source) {
      this.column = column;
      this.source = source;
    }

    @Override
    public void expectAllRows() {
      allPresent = !source.isMissing() && !source.hasNulls();
    }

    @Override
    public void finish(int groups) {
      if (allPresent) {
        Arrays.fill(column.present.values(), 0, groups, true);
      }
    }

    @Override
    public void read(int from, int count) {
      source.readDoubles(from, count);
    }

    @Override
    public void add(int[] rows, int[] groups, int count) {
      if (source.isMissing()) {
        return;
      }
      if (column.rule.adds() && !source.hasNulls()) {
        addAll(rows, groups, count, source.doubles, column.combined.values());
        column.note(groups, count, allPresent);
        return;
      }
      Rule rule = column.rule;
      double[] combined = column.combined.values();
      boolean hasNulls = source.hasNulls();
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        if (!hasNulls || !source.nulls[row]) {
          int group = groups[i];
          combined[group] = rule.combine(combined[group], source.doubles[row]);
          column.note(group, 1);
        }
      }
    }

    /** Most queries are of this kind; a loop of its own compiles best. */
    private static void addAll(
        int[] rows, int[] groups, int count, double[] values, double[] sums) {
      for (int i = 0; i < count; i++) {
        sums[groups[i]] += values[rows[i]];
      }
    }

    @Override
    public void addToOne(int[] rows, int count, int group) {
      int left = source.presentOf(rows, count);
      if (left == 0) {
        return;
      }
      int[] chosen = source.present(rows);
      Rule rule = column.rule;
      double[] values = source.doubles;
      double total = column.combined.values()[group];
      if (rule.adds()) {
        for (int i = 0; i < left; i++) {
          total += values[chosen[i]];
        }
      } else {
        for (int i = 0; i < left; i++) {
          total = rule.combine(total, values[chosen[i]]);
        }
      }
      column.combined.values()[group] = total;
      column.note(group, left);
    }

    @Override
    public void addRange(int from, int to, int group) {
      Rule rule = column.rule;
      if (rule.adds()) {
        super.addRange(from, to, group);
        return;
      }
      int row = from;
      while (row < to) {
        int end = source.endOfKnownBlock(row, to);
        if (end < 0) {
          end = Math.min(to, source.endOfBlock(row));
          super.addRange(row, end, group);
        } else if (source.knownValues(row) > 0) {
          double[] combined = column.combined.values();
          combined[group] =
              rule.combine(combined[group], source.knownDouble(row, rule == Rule.MIN));
          column.note(group, source.knownValues(row));
        }
        row = end;
      }
    }
  }

  /** Adds integers, of which the doubles are made at the end. */
  private static final class ScaledAdder extends Accumulator {
    private final Doubles column;
    private final NumberSource source;

    /** Of each group, over the rows so far. */
    private final LongVector sums = new LongVector(0);

    /** Whether each group has a value, so that none need be noted. */
    private boolean allPresent;

    ScaledAdder(Doubles column, NumberSource source) {
      this.column = column;
      this.source = source;
    }

    @Override
    public void expectAllRows() {
      allPresent = !source.hasNulls();
    }

    @Override
    public void read(int from, int count) {
      source.readScaled(from, count);
    }

    private long[] sums() {
      sums.grow(column.combined.capacity());
      return sums.values();
    }

    @Override
    public void add(int[] rows, int[] groups, int count) {
      if (!source.hasNulls()) {
        addAll(rows, groups, count, source.longs, sums());
        column.note(groups, count, allPresent);
        return;
      }
      long[] totals = sums();
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        if (!source.nulls[row]) {
          totals[groups[i]] += source.longs[row];
          column.note(groups[i], 1);
        }
      }
    }

    @Override
    public void addFirst(int[] groups, int count) {
      if (!allPresent) {
        super.addFirst(groups, count);
        return;
      }
      LongSumAggregator.addAll(groups, count, source.longs, sums());
      column.note(groups, count, true);
    }

    private static void addAll(int[] rows, int[] groups, int count, long[] values, long[] sums) {
      for (int i = 0; i < count; i++) {
        sums[groups[i]] += values[rows[i]];
      }
    }

    @Override
    public void addToOne(int[] rows, int count, int group) {
      int left = source.presentOf(rows, count);
      int[] chosen = source.present(rows);
      long[] values = source.longs;
      long total = 0;
      for (int i = 0; i < left; i++) {
        total += values[chosen[i]];
      }
      sums()[group] += total;
      if (left > 0) {
        column.note(group, left);
      }
    }

    @Override
    public void addRange(int from, int to, int group) {
      if (source.hasNulls()) {
        super.addRange(from, to, group);
        return;
      }
      sums()[group] += source.sumScaled(from, to);
      column.note(group, to - from);
    }

    @Override
    public long bytes() {
      return sums.bytes();
    }

    @Override
    public void addUp(int[] from, int[] into, int count) {
      long[] totals = sums();
      for (int i = 0; i < count; i++) {
        totals[into[i]] += totals[from[i]];
        totals[from[i]] = 0;
      }
    }

    @Override
    public void finish(int groups) {
      double scale = source.scale();
      double[] combined = column.combined.values();
      long[] totals = sums();
      for (int group = 0; group < groups; group++) {
        combined[group] = totals[group] / scale;
      }
      if (allPresent) {
        Arrays.fill(column.present.values(), 0, groups, true);
      }
    }
  }
}
