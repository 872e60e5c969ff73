package io.starfire.serving.query.compute;

import io.starfire.segment.column.Column;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.json.JsonPath;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.expression.Term;
import io.starfire.serving.query.model.VirtualColumn;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how a column is computed from the columns of one row set:
 *
 * <ul>
 *   <li>from one column of texts: once for each value of its dictionary;
 *   <li>from several columns, or from numbers: for each row, a block at a time;
 *   <li>from columns with several values that stand where one value is expected: for each
 *       combination of the row's values.
 * </ul>
 */
final class Derivation {
  private final VirtualColumn virtual;
  private final RowSet rows;
  private final QueryControl control;

  Derivation(VirtualColumn virtual, RowSet rows, QueryControl control) {
    this.virtual = PathTerms.over(virtual, rows);
    this.rows = rows;
    this.control = control;
  }

  /** Null if it is always null. */
  @Nullable Column column() {
    Column stored = storedPath();
    if (stored != null) {
      return stored;
    }
    Set<String> inputs = virtual.inputs();
    if (inputs.size() == 1
        && rows.column(inputs.iterator().next()) instanceof StringColumn dictionary
        && !(dictionary instanceof ComputedText)) {
      Column mapped = overDictionary(dictionary);
      if (mapped != null) {
        return mapped;
      }
    }
    OfRows scope = new OfRows();
    Node root = bind(scope, RowSet.BLOCK_ROWS);
    if (!scope.exploded.isEmpty()) {
      return exploded(scope);
    }
    Program program = new Program(root, control);
    return switch (root.type) {
      case NOTHING -> null;
      case LONG -> new ComputedNumbers.Longs(program);
      case DOUBLE -> new ComputedNumbers.Doubles(program);
      case STRING, JSON ->
          new ComputedText.OfProgram(
              program, root.type == ValueType.JSON, rows.rowCount(), control);
      default -> new ComputedText.OfArrays(program, rows.rowCount(), control);
    };
  }

  /** The column that a segment has for the path that is asked for; null if there is none. */
  private @Nullable Column storedPath() {
    if (!(virtual instanceof VirtualColumn.Expressed expressed)
        || !(expressed.expression().root() instanceof Term.Name name)
        || !JsonPath.isColumnName(name.name())) {
      return null;
    }
    Column column = rows.column(name.name());
    boolean isAsked =
        expressed.outputType() == null
            || (column != null && expressed.outputType() == PathTerms.typeOf(column).columnType());
    return isAsked ? column : null;
  }

  private Node bind(Scope scope, int capacity) {
    if (virtual instanceof VirtualColumn.Expressed expressed) {
      Node root = new Binder(expressed.expression(), scope, capacity, control).bind();
      return expressed.outputType() == null || root.type == ValueType.NOTHING
          ? root
          : Casts.to(ValueType.of(expressed.outputType()), root);
    }
    if (virtual instanceof VirtualColumn.Extracted extracted) {
      return Extractions.bind(
          extracted.extraction(), scope.scalar(extracted.column()), capacity, control);
    }
    VirtualColumn.Filtered filtered = (VirtualColumn.Filtered) virtual;
    ValueChoice choice = new ValueChoice(filtered, control);
    Node value = Casts.to(ValueType.STRING, scope.scalar(filtered.column()));
    return Computed.objects(
        ValueType.STRING, capacity, i -> choice.keeps(value.text(i)) ? value.text(i) : null, value);
  }

  /** Null if the expression asks for all values of a row at once. */
  private @Nullable Column overDictionary(StringColumn dictionary) {
    int capacity = Math.max(1, Math.min(RowSet.BLOCK_ROWS, dictionary.cardinality()));
    if (virtual instanceof VirtualColumn.Filtered filtered && dictionary.multiValued()) {
      return MappedText.filtered(dictionary, new ValueChoice(filtered, control), control);
    }
    OfDictionary scope = new OfDictionary(dictionary, capacity);
    Node root = bind(scope, capacity);
    if (scope.asArray || root.type.isArray()) {
      return null;
    }
    if (dictionary.multiValued() && root.type != ValueType.NOTHING) {
      root = Casts.to(ValueType.STRING, root);
    }
    Program program = new Program(root, control);
    return switch (root.type) {
      case NOTHING -> null;
      case LONG -> new MappedNumbers.Longs(dictionary, program, control);
      case DOUBLE -> new MappedNumbers.Doubles(dictionary, program, control);
      default -> MappedText.of(dictionary, program, root.type == ValueType.JSON, control);
    };
  }

  private Column exploded(OfRows outer) {
    OfCombinations scope = new OfCombinations(outer);
    Node root = bind(scope, RowSet.BLOCK_ROWS);
    return new ComputedText.OfCombinations(
        new Program(root, control), scope.given, scope.captured, rows, control);
  }

  /** Each name is the value of a dictionary. */
  private static final class OfDictionary implements Scope {
    private final StringColumn dictionary;
    private final int capacity;
    private final Node values;
    private boolean asArray;

    OfDictionary(StringColumn dictionary, int capacity) {
      this.dictionary = dictionary;
      this.capacity = capacity;
      this.values = new Inputs.OfDictionary(dictionary, capacity);
    }

    @Override
    public Node scalar(String name) {
      return values;
    }

    @Override
    public Node array(String name) {
      asArray = true;
      return new Inputs.OfValues(dictionary, capacity);
    }
  }

  /** Each name is a column. Those with several values are noted. */
  private final class OfRows implements Scope {
    private final Map<String, Node> scalars = new HashMap<>();
    private final Map<String, Node> arrays = new HashMap<>();
    private final Map<String, StringColumn> exploded = new LinkedHashMap<>();

    @Override
    public Node scalar(String name) {
      return scalars.computeIfAbsent(
          name,
          unused -> {
            Column column = rows.column(name);
            if (column instanceof StringColumn strings && strings.multiValued()) {
              exploded.put(name, strings);
              return new Inputs.Given(ValueType.STRING, RowSet.BLOCK_ROWS);
            }
            return Inputs.of(column, RowSet.BLOCK_ROWS);
          });
    }

    @Override
    public @Nullable Node array(String name) {
      return rows.column(name) instanceof StringColumn strings
          ? arrays.computeIfAbsent(name, unused -> new Inputs.OfValues(strings, RowSet.BLOCK_ROWS))
          : null;
    }
  }

  /** Inside one row: columns with several values are given, everything else is the row's. */
  private static final class OfCombinations implements Scope {
    private final OfRows outer;
    private final Map<StringColumn, Inputs.Given> given = new LinkedHashMap<>();
    private final Map<Node, Inputs.Captured> captured = new LinkedHashMap<>();

    OfCombinations(OfRows outer) {
      this.outer = outer;
    }

    @Override
    public Node scalar(String name) {
      StringColumn exploded = outer.exploded.get(name);
      return exploded == null
          ? capture(outer.scalar(name))
          : given.computeIfAbsent(
              exploded, unused -> new Inputs.Given(ValueType.STRING, RowSet.BLOCK_ROWS));
    }

    @Override
    public @Nullable Node array(String name) {
      Node array = outer.array(name);
      return array == null ? null : capture(array);
    }

    private Node capture(Node node) {
      return node.isConstant()
          ? node
          : captured.computeIfAbsent(
              node, outerNode -> new Inputs.Captured(outerNode, RowSet.BLOCK_ROWS));
    }
  }
}
