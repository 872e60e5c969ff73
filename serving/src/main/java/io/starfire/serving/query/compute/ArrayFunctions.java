package io.starfire.serving.query.compute;

import io.starfire.serving.query.text.GuardedRegex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The functions of arrays. A column of texts stands for the array of its row's values. Stateless.
 */
final class ArrayFunctions {
  private ArrayFunctions() {}

  static List<FunctionDefinition> list() {
    return List.of(
        define("array", "value...", "An array of the values.", ArrayFunctions::array),
        define("array_length", "array", "The number of elements.", ArrayFunctions::length),
        define(
            "array_offset",
            "array, index",
            "The element at the index, counted from 0; null if there is none.",
            call -> element(call, 0)),
        define(
            "array_ordinal", "array, index", "The same, counted from 1.", call -> element(call, 1)),
        define(
            "array_contains",
            "array, value",
            "1 if the array has the value, or all values of an array; else 0.",
            ArrayFunctions::contains),
        define(
            "array_overlap",
            "array, other",
            "1 if the two have an element in common, else 0.",
            ArrayFunctions::overlap),
        define(
            "scalar_in_array",
            "value, array",
            "1 if the array has the value, else 0.",
            ArrayFunctions::scalarIn),
        define(
            "array_offset_of",
            "array, value",
            "Where the value is, counted from 0; null if it is not there.",
            call -> indexOf(call, 0)),
        define(
            "array_ordinal_of",
            "array, value",
            "The same, counted from 1.",
            call -> indexOf(call, 1)),
        define(
            "array_prepend",
            "value, array",
            "The array with the value before it.",
            call -> joined(call, 1, 0, 1)),
        define(
            "array_append",
            "array, value",
            "The array with the value after it.",
            call -> joined(call, 0, 0, 1)),
        define(
            "array_concat",
            "array, other",
            "The elements of both, one after the other.",
            call -> joined(call, 0, 0, 1)),
        define(
            "array_set_add",
            "array, value",
            "The distinct elements, with the value.",
            ArrayFunctions::union),
        define(
            "array_set_add_all",
            "array, other",
            "The distinct elements of both.",
            ArrayFunctions::union),
        define(
            "array_slice",
            "array, from, to",
            "The elements from one index, inclusive, to another, exclusive; null if they are not"
                + " there.",
            ArrayFunctions::slice),
        define(
            "array_to_string",
            "array, separator",
            "The elements as one text; null is written as null.",
            ArrayFunctions::text),
        define(
            "string_to_array",
            "text, separator",
            "The parts between what the regular expression finds.",
            ArrayFunctions::split),
        define(
            "mv_to_array", "column", "All values of the row as an array.", call -> call.arrayAt(0)),
        define(
            "array_to_mv",
            "array",
            "The elements as the values of one row.",
            call -> call.arrayAt(0)),
        define(
            "mv_filter_only",
            "array, kept",
            "Those elements that the other array has.",
            call -> filtered(call, true)),
        define(
            "mv_filter_none",
            "array, dropped",
            "Those elements that the other array has not.",
            call -> filtered(call, false)));
  }

  private static FunctionDefinition define(
      String name, String parameters, String meaning, Function<Call, Node> binding) {
    return new FunctionDefinition(
        FunctionDefinition.Group.ARRAYS, name, parameters, meaning, binding);
  }

  private static Node array(Call call) {
    ValueType type = ValueType.NOTHING;
    List<Node> given = new ArrayList<>();
    for (int i = 0; i < call.size(); i++) {
      given.add(call.scalarAt(i));
      type = type.with(given.get(i).type);
    }
    ValueType element = type.array().element();
    Node[] elements = given.stream().map(node -> Casts.to(element, node)).toArray(Node[]::new);
    return call.overNulls(
        type.array(),
        row -> Arrays.stream(elements).map(node -> node.value(row)).toArray(),
        elements);
  }

  private static Node length(Call call) {
    Node array = call.arrayAt(0);
    return call.longs(i -> array.array(i).length, array);
  }

  private static Node element(Call call, int first) {
    Node array = call.arrayAt(0);
    Node index = call.longAt(1);
    return call.objects(
        array.type.element(),
        i -> {
          long at = index.longs[i] - first;
          return at < 0 || at >= array.array(i).length ? null : array.array(i)[(int) at];
        },
        array,
        index);
  }

  /** A value as an element of an array. */
  private static Node elementAt(Call call, int argument, Node array) {
    return Casts.to(array.type.element(), call.scalarAt(argument));
  }

  private static Node contains(Call call) {
    Node array = call.arrayAt(0);
    Node value = call.at(1);
    if (value.type.isArray()) {
      Node all = Casts.to(array.type, value);
      return call.truths(
          i -> Arrays.asList(array.array(i)).containsAll(Arrays.asList(all.array(i))), array, all);
    }
    Node element = Casts.to(array.type.element(), value);
    return call.overNulls(
        ValueType.LONG,
        i -> array.nulls[i] ? null : has(array.array(i), element.value(i)) ? 1L : (Object) 0L,
        array,
        element);
  }

  private static boolean has(@Nullable Object[] array, @Nullable Object value) {
    return Arrays.asList(array).contains(value);
  }

  private static Node overlap(Call call) {
    Node array = call.arrayAt(0);
    Node other = Casts.to(array.type, call.arrayAt(1));
    return call.truths(
        i -> {
          for (Object value : other.array(i)) {
            if (has(array.array(i), value)) {
              return true;
            }
          }
          return false;
        },
        array,
        other);
  }

  private static Node scalarIn(Call call) {
    Node array = call.arrayAt(1);
    Node value = elementAt(call, 0, array);
    return call.truths(i -> has(array.array(i), value.value(i)), array, value);
  }

  private static Node indexOf(Call call, int first) {
    Node array = call.arrayAt(0);
    Node value = elementAt(call, 1, array);
    return call.objects(
        ValueType.LONG,
        i -> {
          int at = Arrays.asList(array.array(i)).indexOf(value.value(i));
          return at < 0 ? null : (Object) (long) (at + first);
        },
        array,
        value);
  }

  /** Two arguments as arrays of the type that the first one named has, one after the other. */
  private static Node joined(Call call, int typed, int first, int second) {
    ValueType type = call.arrayAt(typed).type;
    Node one = Casts.to(type, call.arrayAt(first));
    Node other = Casts.to(type, call.arrayAt(second));
    boolean oneIsElement = typed != first;
    return call.overNulls(
        type,
        i -> {
          if (oneIsElement ? other.nulls[i] : one.nulls[i]) {
            return null;
          }
          List<Object> all = new ArrayList<>(elements(one, i));
          all.addAll(elements(other, i));
          return all.toArray();
        },
        one,
        other);
  }

  /** Of a null, one element that is null. */
  private static List<Object> elements(Node array, int row) {
    return array.nulls[row] ? Arrays.asList((Object) null) : Arrays.asList(array.array(row));
  }

  private static Node union(Call call) {
    Node array = call.arrayAt(0);
    Node other = Casts.to(array.type, call.arrayAt(1));
    return call.overNulls(
        array.type,
        i -> {
          if (array.nulls[i]) {
            return null;
          }
          Set<Object> distinct = new LinkedHashSet<>(elements(array, i));
          distinct.addAll(elements(other, i));
          return distinct.toArray();
        },
        array,
        other);
  }

  private static Node slice(Call call) {
    Node array = call.arrayAt(0);
    Node from = call.longAt(1);
    Node to = call.longAt(2);
    return call.objects(
        array.type,
        i -> {
          long start = from.longs[i];
          long end = to.longs[i];
          int length = array.array(i).length;
          return start < 0 || start > length || end < start || end > length
              ? null
              : Arrays.copyOfRange(array.array(i), (int) start, (int) end);
        },
        array,
        from,
        to);
  }

  private static Node text(Call call) {
    Node array = call.arrayAt(0);
    Node separator = call.textAt(1);
    return call.texts(
        i -> {
          StringBuilder joined = new StringBuilder();
          for (Object element : array.array(i)) {
            joined.append(joined.length() == 0 ? "" : separator.text(i)).append(element);
          }
          return joined.toString();
        },
        array,
        separator);
  }

  private static Node split(Call call) {
    Node text = call.textAt(0);
    GuardedRegex separator = TextFunctions.regex(call, 1);
    return call.objects(ValueType.STRING_ARRAY, i -> separator.split(text.text(i)).toArray(), text);
  }

  private static Node filtered(Call call, boolean kept) {
    Node array = call.arrayAt(0);
    Node other = Casts.to(array.type, call.arrayAt(1));
    return call.objects(
        array.type,
        i ->
            Arrays.stream(array.array(i))
                .filter(element -> has(other.array(i), element) == kept)
                .toArray(),
        array,
        other);
  }
}
