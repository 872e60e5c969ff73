package io.starfire.serving.query.filter;

import io.starfire.segment.column.BlockSummaries;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.compute.ComputedText;
import io.starfire.serving.query.compute.SameValue;
import io.starfire.serving.query.text.TextPredicate;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** The kinds of matchers. */
final class RowMatchers {
  private RowMatchers() {}

  /** Of a column that the row set does not have: every row is null. */
  record OfNothing(boolean matchesNull) implements RowMatcher {
    @Override
    public Verdict verdict(int block, boolean withUnknown) {
      return Verdict.of(matchesNull || withUnknown);
    }

    @Override
    public void match(int from, int count, boolean withUnknown, boolean[] out) {
      Arrays.fill(out, 0, count, matchesNull || withUnknown);
    }
  }

  /** The same for every row. */
  record OfConstant(boolean value) implements RowMatcher {
    @Override
    public Verdict verdict(int block, boolean withUnknown) {
      return Verdict.of(value);
    }

    @Override
    public void match(int from, int count, boolean withUnknown, boolean[] out) {
      Arrays.fill(out, 0, count, value);
    }
  }

  /** By dictionary id. */
  static final class OfStrings implements RowMatcher {
    private final StringColumn column;
    private final IdVerdicts verdicts;
    private final int[] ids = new int[RowSet.BLOCK_ROWS];
    private boolean @Nullable [] table;
    private boolean hasTable;
    private boolean tableWithUnknown;

    OfStrings(StringColumn column, IdVerdicts verdicts) {
      this.column = column;
      this.verdicts = verdicts;
    }

    private boolean @Nullable [] table(boolean withUnknown) {
      if (!hasTable || tableWithUnknown != withUnknown) {
        table = verdicts.table(column.cardinality(), withUnknown);
        tableWithUnknown = withUnknown;
        hasTable = true;
      }
      return table;
    }

    private static void look(boolean[] table, int[] ids, int count, boolean[] out) {
      for (int i = 0; i < count; i++) {
        out[i] = table[ids[i]];
      }
    }

    @Override
    public Verdict verdict(int block, boolean withUnknown) {
      BlockSummaries known = column.summaries();
      return known == null
          ? Verdict.SOME
          : verdicts.ofAll((int) known.smallest(block), (int) known.largest(block), withUnknown);
    }

    @Override
    public void match(int from, int count, boolean withUnknown, boolean[] out) {
      if (column.multiValued()) {
        for (int i = 0; i < count; i++) {
          out[i] = verdicts.matchesAny(column.readValues(from + i), withUnknown);
        }
        return;
      }
      column.readIds(from, count, ids);
      boolean[] table = table(withUnknown);
      if (table != null) {
        look(table, ids, count, out);
        return;
      }
      for (int i = 0; i < count; i++) {
        out[i] = verdicts.matches(ids[i], withUnknown);
      }
    }
  }

  /** By ids of a dictionary that grows: what is new is asked about once. */
  static final class OfComputedText implements RowMatcher {
    private final ComputedText column;
    private final TextPredicate predicate;
    private final boolean matchesNull;
    private final BitSet matching = new BitSet();
    private final BitSet nulls = new BitSet();
    private int known;
    private final int[] ids = new int[RowSet.BLOCK_ROWS];

    OfComputedText(ComputedText column, TextPredicate predicate, boolean matchesNull) {
      this.column = column;
      this.predicate = predicate;
      this.matchesNull = matchesNull;
    }

    @Override
    public void match(int from, int count, boolean withUnknown, boolean[] out) {
      if (column.multiValued()) {
        for (int i = 0; i < count; i++) {
          out[i] = matchesAny(column.readValues(from + i), withUnknown);
        }
        return;
      }
      column.readIds(from, count, ids);
      learn();
      for (int i = 0; i < count; i++) {
        out[i] = matches(ids[i], withUnknown);
      }
    }

    private boolean matchesAny(int[] values, boolean withUnknown) {
      learn();
      for (int value : values) {
        if (matches(value, withUnknown)) {
          return true;
        }
      }
      return false;
    }

    private boolean matches(int id, boolean withUnknown) {
      return nulls.get(id) ? matchesNull || withUnknown : matching.get(id);
    }

    private void learn() {
      for (; known < column.known(); known++) {
        String value = column.value(known);
        nulls.set(known, value == null);
        matching.set(known, value != null && predicate.test(value));
      }
    }
  }

  /** Columns that have a value in common; never unknown. */
  record OfSame(SameValue columns) implements RowMatcher {
    @Override
    public void match(int from, int count, boolean withUnknown, boolean[] out) {
      columns.match(from, count, out);
    }
  }

  /** What is known of a block with values and so many nulls. */
  private static RowMatcher.Verdict together(
      RowMatcher.Verdict ofValues, RowMatcher.Verdict ofNulls, int nulls) {
    return nulls == 0 || ofValues == ofNulls ? ofValues : RowMatcher.Verdict.SOME;
  }

  static final class OfLongs implements RowMatcher {
    private final LongColumn column;
    private final LongTest test;
    private final boolean matchesNull;
    private final long[] values = new long[RowSet.BLOCK_ROWS];
    private final boolean[] nulls = new boolean[RowSet.BLOCK_ROWS];

    OfLongs(LongColumn column, LongTest test, boolean matchesNull) {
      this.column = column;
      this.test = test;
      this.matchesNull = matchesNull;
    }

    @Override
    public Verdict verdict(int block, boolean withUnknown) {
      BlockSummaries known = column.summaries();
      if (known == null) {
        return Verdict.SOME;
      }
      Verdict ofNulls = Verdict.of(matchesNull || withUnknown);
      boolean onlyNulls = known.smallest(block) > known.largest(block);
      Verdict ofValues =
          onlyNulls ? ofNulls : test.ofAll(known.smallest(block), known.largest(block));
      return together(ofValues, ofNulls, known.nulls(block));
    }

    @Override
    public void match(int from, int count, boolean withUnknown, boolean[] out) {
      column.read(from, count, values);
      LongPredicate accepted = test.accepted();
      for (int i = 0; i < count; i++) {
        out[i] = accepted.test(values[i]);
      }
      if (column.hasNulls()) {
        column.readNulls(from, count, nulls);
        overwriteNulls(nulls, count, matchesNull || withUnknown, out);
      }
    }
  }

  static final class OfDoubles implements RowMatcher {
    private final DoubleColumn column;
    private final DoubleTest test;
    private final boolean matchesNull;
    private final double[] values = new double[RowSet.BLOCK_ROWS];
    private final boolean[] nulls = new boolean[RowSet.BLOCK_ROWS];

    OfDoubles(DoubleColumn column, DoubleTest test, boolean matchesNull) {
      this.column = column;
      this.test = test;
      this.matchesNull = matchesNull;
    }

    @Override
    public Verdict verdict(int block, boolean withUnknown) {
      BlockSummaries known = column.summaries();
      if (known == null) {
        return Verdict.SOME;
      }
      Verdict ofNulls = Verdict.of(matchesNull || withUnknown);
      boolean onlyNulls = known.smallestDouble(block) > known.largestDouble(block);
      Verdict ofValues =
          onlyNulls ? ofNulls : test.ofAll(known.smallestDouble(block), known.largestDouble(block));
      return together(ofValues, ofNulls, known.nulls(block));
    }

    @Override
    public void match(int from, int count, boolean withUnknown, boolean[] out) {
      column.read(from, count, values);
      DoublePredicate accepted = test.accepted();
      for (int i = 0; i < count; i++) {
        out[i] = accepted.test(values[i]);
      }
      if (column.hasNulls()) {
        column.readNulls(from, count, nulls);
        overwriteNulls(nulls, count, matchesNull || withUnknown, out);
      }
    }
  }

  /** And, or: all or one of the fields. */
  static final class OfSeveral implements RowMatcher {
    private final List<RowMatcher> fields;
    private final boolean all;
    private final boolean[] next = new boolean[RowSet.BLOCK_ROWS];

    OfSeveral(List<RowMatcher> fields, boolean all) {
      this.fields = fields;
      this.all = all;
    }

    @Override
    public Verdict verdict(int block, boolean withUnknown) {
      Verdict deciding = Verdict.of(!all);
      boolean undecided = false;
      for (RowMatcher field : fields) {
        Verdict one = field.verdict(block, withUnknown);
        if (one == deciding) {
          return one;
        }
        undecided |= one == Verdict.SOME;
      }
      return undecided ? Verdict.SOME : deciding.negated();
    }

    @Override
    public void match(int from, int count, boolean withUnknown, boolean[] out) {
      fields.get(0).match(from, count, withUnknown, out);
      for (RowMatcher field : fields.subList(1, fields.size())) {
        field.match(from, count, withUnknown, next);
        for (int i = 0; i < count; i++) {
          out[i] = all ? out[i] && next[i] : out[i] || next[i];
        }
      }
    }
  }

  /** True where the other is neither true nor unknown. */
  record OfNot(RowMatcher field) implements RowMatcher {
    @Override
    public Verdict verdict(int block, boolean withUnknown) {
      return field.verdict(block, !withUnknown).negated();
    }

    @Override
    public void match(int from, int count, boolean withUnknown, boolean[] out) {
      field.match(from, count, !withUnknown, out);
      for (int i = 0; i < count; i++) {
        out[i] = !out[i];
      }
    }
  }

  /** True where the other has one truth value; never unknown. */
  record OfTruth(RowMatcher field, boolean value) implements RowMatcher {
    @Override
    public void match(int from, int count, boolean withUnknown, boolean[] out) {
      // False is what is neither true nor unknown.
      field.match(from, count, !value, out);
      for (int i = 0; i < count; i++) {
        out[i] = out[i] == value;
      }
    }
  }

  private static void overwriteNulls(boolean[] nulls, int count, boolean verdict, boolean[] out) {
    for (int i = 0; i < count; i++) {
      if (nulls[i]) {
        out[i] = verdict;
      }
    }
  }
}
