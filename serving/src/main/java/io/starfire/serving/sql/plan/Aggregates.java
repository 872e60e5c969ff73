package io.starfire.serving.sql.plan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.event.ColumnType;
import io.starfire.serving.query.model.DataSource;
import io.starfire.serving.sql.catalog.SqlTypes;
import io.starfire.serving.sql.rows.AggregateStep;
import io.starfire.serving.sql.rows.ConcatStep;
import io.starfire.serving.sql.rows.NativeStep;
import io.starfire.serving.sql.rows.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/** Plans groups. Used by one thread. */
final class Aggregates {
  private final Planner planner;
  private final PlanContext context;

  Aggregates(Planner planner) {
    this.planner = planner;
    this.context = planner.context();
  }

  Part plan(Aggregate aggregate) {
    if (aggregate.getGroupSets().size() == 1) {
      return one(aggregate, aggregate.getGroupSet());
    }
    List<Step> steps = new ArrayList<>();
    for (ImmutableBitSet set : aggregate.getGroupSets()) {
      steps.add(one(aggregate, set).finish());
    }
    return new Above(new ConcatStep(steps));
  }

  /** The groups of one grouping set; the keys that it leaves out are null. */
  private Part one(Aggregate aggregate, ImmutableBitSet set) {
    List<AggregateCall> computed =
        aggregate.getAggCallList().stream().filter(call -> fixed(call, set) == null).toList();
    Part part = one(aggregate, set, computed);
    if (computed.size() == aggregate.getAggCallList().size()
        && set.equals(aggregate.getGroupSet())) {
      return part;
    }
    List<RexNode> fields = new ArrayList<>();
    List<String> types = new ArrayList<>();
    RelDataType input = aggregate.getInput().getRowType();
    for (int key : set) {
      types.add(Planner.nativeType(input, key));
    }
    for (int key : aggregate.getGroupSet()) {
      RelDataType type = input.getFieldList().get(key).getType();
      fields.add(
          set.get(key)
              ? new RexInputRef(set.indexOf(key), type)
              : context.rexes().makeNullLiteral(type));
    }
    for (AggregateCall call : aggregate.getAggCallList()) {
      RexNode fixed = fixed(call, set);
      if (fixed == null) {
        fields.add(new RexInputRef(types.size(), call.getType()));
        types.add(SqlTypes.nativeType(call.getType()));
      } else {
        fields.add(fixed);
      }
    }
    return part instanceof NativePart found
        ? found.projected(fields)
        : new Above(CalcSteps.project(part.finish(), fields, types::get, context));
  }

  /** The value of a call that is the same for all groups of a set; null if it is computed. */
  private @Nullable RexNode fixed(AggregateCall call, ImmutableBitSet set) {
    if (call.getAggregation().getKind() == SqlKind.GROUPING) {
      return context
          .rexes()
          .makeExactLiteral(java.math.BigDecimal.valueOf(grouping(call, set)), call.getType());
    }
    return call.getAggregation().getKind() == SqlKind.LITERAL_AGG ? call.rexList.get(0) : null;
  }

  private static long grouping(AggregateCall call, ImmutableBitSet set) {
    long bits = 0;
    for (int column : call.getArgList()) {
      bits = 2 * bits + (set.get(column) ? 0 : 1);
    }
    return bits;
  }

  private Part one(Aggregate aggregate, ImmutableBitSet keys, List<AggregateCall> calls) {
    RelDataType row = aggregate.getInput().getRowType();
    Part input = planner.plan(aggregate.getInput());
    List<AggregationWriter.Call> asked = new ArrayList<>();
    for (AggregateCall call : calls) {
      asked.add(call(call, row));
    }
    NativePart part = input instanceof NativePart found ? found : null;
    if (asked.stream().allMatch(this::isNative) && keysAreNative(keys, row)) {
      NativePart below = open(input, row, keys, asked);
      if (below != null) {
        return grouped(below, keys, asked, row);
      }
    }
    if (part != null && part.isOpen()) {
      Part twice = inTwoSteps(part, keys, asked, row);
      if (twice != null) {
        return twice;
      }
    }
    return above(input, keys, asked);
  }

  private static boolean keysAreNative(ImmutableBitSet keys, RelDataType row) {
    for (int key : keys) {
      if (NativeStep.columnType(Planner.nativeType(row, key)) == null
          || Planner.nativeType(row, key).startsWith("ARRAY")) {
        return false;
      }
    }
    return true;
  }

  private AggregationWriter.Call call(AggregateCall call, RelDataType row) {
    List<RexNode> arguments = new ArrayList<>();
    call.getArgList().forEach(column -> arguments.add(ref(column, row)));
    String name = call.getAggregation().getName().toUpperCase(Locale.ROOT);
    boolean distinct =
        call.isDistinct() && !Set.of("MIN", "MAX", "ANY_VALUE", "SINGLE_VALUE").contains(name);
    return new AggregationWriter.Call(
        call.getAggregation(),
        distinct,
        arguments,
        call.filterArg < 0 ? null : ref(call.filterArg, row),
        call.getType());
  }

  private static RexNode ref(int column, RelDataType row) {
    return new RexInputRef(column, row.getFieldList().get(column).getType());
  }

  private boolean isNative(AggregationWriter.Call call) {
    boolean approximate =
        call.function().getKind() == SqlKind.COUNT
            && call.arguments().size() == 1
            && context.countsApproximately();
    return AggregationWriter.canWrite(call) && (!call.distinct() || approximate);
  }

  private NativePart grouped(
      NativePart below, ImmutableBitSet keys, List<AggregationWriter.Call> asked, RelDataType row) {
    List<RexNode> keyNodes = new ArrayList<>();
    for (int key : keys) {
      keyNodes.add(below.below(ref(key, row)));
    }
    List<AggregationWriter.Call> calls = new ArrayList<>();
    for (AggregationWriter.Call call : asked) {
      calls.add(
          new AggregationWriter.Call(
              call.function(),
              call.distinct(),
              below.below(call.arguments()),
              call.filter() == null ? null : below.below(call.filter()),
              call.type()));
    }
    List<RexNode> outputs = new ArrayList<>();
    for (RexNode key : keyNodes) {
      outputs.add(new RexInputRef(outputs.size(), key.getType()));
    }
    for (AggregationWriter.Call call : calls) {
      outputs.add(new RexInputRef(outputs.size(), call.type()));
    }
    NativePart grouped = below.grouped(new NativePart.Groups(keyNodes, calls), outputs);
    return java.util.Objects.requireNonNull(grouped, "an open part");
  }

  /** A native query over the rows of the input whose rows can be grouped; null if there is none. */
  private @Nullable NativePart open(
      Part input, RelDataType row, ImmutableBitSet keys, List<AggregationWriter.Call> asked) {
    if (input instanceof NativePart part) {
      if (part.isOpen()) {
        return part;
      }
      NativePart.Nested nested = part.nested();
      if (nested != null) {
        int time = -1;
        for (int i = 0; i < nested.columns().size(); i++) {
          time = nested.columns().get(i).name().equals("__time") ? i : time;
        }
        return NativePart.of(
            context,
            new Source(nested.json(), nested.columns(), time),
            null,
            planner.identity(row));
      }
    }
    return fed(input.finish(), row, keys, asked);
  }

  /** The rows of a step as a data source in memory. */
  private @Nullable NativePart fed(
      Step step, RelDataType row, ImmutableBitSet keys, List<AggregationWriter.Call> asked) {
    List<Source.Column> columns = new ArrayList<>();
    List<DataSource.Inline.Column> given = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    Set<Integer> read = read(keys, asked);
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", "inline");
    var names = json.putArray("columnNames");
    var types = json.putArray("columnTypes");
    for (int i = 0; i < row.getFieldCount(); i++) {
      String type = Planner.nativeType(row, i);
      ColumnType columnType = NativeStep.columnType(type);
      columns.add(new Source.Column("c" + i, type));
      if (!read.contains(i)) {
        continue;
      }
      if (columnType == null) {
        return null;
      }
      given.add(new DataSource.Inline.Column("c" + i, columnType));
      places.add(i);
      names.add("c" + i);
      types.add(columnType.name());
    }
    if (given.isEmpty()) {
      given.add(new DataSource.Inline.Column("c", ColumnType.LONG));
      places.add(-1);
      names.add("c");
      types.add("LONG");
    }
    json.putArray("rows");
    int[] at = places.stream().mapToInt(Integer::intValue).toArray();
    return NativePart.of(
        context,
        new Source(json, columns, -1),
        new NativeStep.Feed(step, given, at),
        planner.identity(row));
  }

  private static Set<Integer> read(ImmutableBitSet keys, List<AggregationWriter.Call> asked) {
    Set<Integer> read = new java.util.TreeSet<>(keys.asSet());
    for (AggregationWriter.Call call : asked) {
      call.arguments().forEach(one -> read.add(((RexInputRef) one).getIndex()));
      if (call.filter() != null) {
        read.add(((RexInputRef) call.filter()).getIndex());
      }
    }
    return read;
  }

  /**
   * Groups with further keys, natively, and above them the groups that are asked for: so the
   * distinct values of a column, and the smallest of texts, are found without looking at each row
   * above. Null if an aggregate does not allow it.
   */
  private @Nullable Part inTwoSteps(
      NativePart part, ImmutableBitSet keys, List<AggregationWriter.Call> asked, RelDataType row) {
    ImmutableBitSet.Builder more = ImmutableBitSet.builder();
    more.addAll(keys);
    List<AggregationWriter.Call> inner = new ArrayList<>();
    for (AggregationWriter.Call call : asked) {
      String name = name(call);
      boolean byKey =
          (call.distinct() || name.equals("MIN") || name.equals("MAX")) && !isNative(call);
      if (byKey) {
        boolean several =
            call.arguments().size() > 1 && !name.equals("STRING_AGG") && !name.equals("LISTAGG");
        if (call.filter() != null || (several && call.distinct())) {
          return null;
        }
        call.arguments().forEach(one -> more.set(((RexInputRef) one).getIndex()));
      } else if (isNative(call)
          && !call.distinct()
          && Set.of("COUNT", "SUM", "$SUM0", "MIN", "MAX").contains(name)) {
        inner.add(call);
      } else {
        return null;
      }
    }
    ImmutableBitSet all = more.build();
    if (!keysAreNative(all, row)) {
      return null;
    }
    NativePart below = grouped(part, all, inner, row);
    int[] outerKeys = new int[keys.cardinality()];
    int next = 0;
    for (int key : keys) {
      outerKeys[next++] = all.indexOf(key);
    }
    List<AggregateStep.Call> calls = new ArrayList<>();
    int innerAt = all.cardinality();
    for (AggregationWriter.Call call : asked) {
      if (inner.contains(call)) {
        String name = name(call);
        String merged = name.equals("COUNT") ? "$SUM0" : name;
        calls.add(new AggregateStep.Call(merged, false, innerAt++, -1, isDecimal(call), -1));
      } else {
        int argument = ((RexInputRef) call.arguments().get(0)).getIndex();
        calls.add(
            new AggregateStep.Call(
                name(call),
                call.distinct(),
                all.indexOf(argument),
                -1,
                isDecimal(call),
                call.arguments().size() < 2 ? -1 : all.indexOf(separator(call))));
      }
    }
    return new Above(new AggregateStep(below.finish(), outerKeys, calls));
  }

  private static boolean isDecimal(AggregationWriter.Call call) {
    String name = name(call);
    return SqlTypes.nativeType(call.type()).equals("DOUBLE") && !name.equals("COUNT");
  }

  private static String name(AggregationWriter.Call call) {
    return call.function().getName().toUpperCase(Locale.ROOT);
  }

  /** The column of the text between texts that are put together; -1 for none. */
  private static int separator(AggregationWriter.Call call) {
    return call.arguments().size() < 2 ? -1 : ((RexInputRef) call.arguments().get(1)).getIndex();
  }

  private static Part above(Part input, ImmutableBitSet keys, List<AggregationWriter.Call> asked) {
    List<AggregateStep.Call> calls = new ArrayList<>();
    for (AggregationWriter.Call call : asked) {
      int argument =
          call.arguments().isEmpty() ? -1 : ((RexInputRef) call.arguments().get(0)).getIndex();
      int filter = call.filter() == null ? -1 : ((RexInputRef) call.filter()).getIndex();
      String name = name(call);
      calls.add(
          new AggregateStep.Call(
              name, call.distinct(), argument, filter, isDecimal(call), separator(call)));
    }
    return new Above(new AggregateStep(input.finish(), keys.toArray(), calls));
  }
}
