package io.starfire.serving.sql.function;

import io.starfire.serving.sql.function.FunctionDefinition.Group;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.type.SqlReturnTypeInference;

/**
 * The functions of arrays, and those of columns with several values, which are the same under
 * another name. Stateless.
 */
final class ArrayFunctions {
  private final List<FunctionDefinition> all = new ArrayList<>();

  private ArrayFunctions() {}

  static List<FunctionDefinition> list() {
    ArrayFunctions functions = new ArrayFunctions();
    functions.both(
        "LENGTH",
        "array",
        "The number of elements.",
        Returns.INTEGER,
        Returns.INTEGER,
        "array_length");
    functions.both(
        "OFFSET",
        "array, index",
        "The element at the index, counted from 0.",
        Returns.elementOf(0),
        Returns.VARCHAR,
        "array_offset");
    functions.both(
        "ORDINAL",
        "array, index",
        "The same, counted from 1.",
        Returns.elementOf(0),
        Returns.VARCHAR,
        "array_ordinal");
    functions.both(
        "CONTAINS",
        "array, value",
        "Whether the array has the value, or all values of an array.",
        Returns.BOOLEAN,
        Returns.BOOLEAN,
        "array_contains");
    functions.both(
        "OVERLAP",
        "array, other",
        "Whether the two have an element in common.",
        Returns.BOOLEAN,
        Returns.BOOLEAN,
        "array_overlap");
    functions.both(
        "OFFSET_OF",
        "array, value",
        "Where the value is, counted from 0.",
        Returns.INTEGER,
        Returns.INTEGER,
        "array_offset_of");
    functions.both(
        "ORDINAL_OF",
        "array, value",
        "The same, counted from 1.",
        Returns.INTEGER,
        Returns.INTEGER,
        "array_ordinal_of");
    functions.both(
        "PREPEND",
        "value, array",
        "The array with the value before it.",
        Returns.arrayAt(1),
        Returns.VARCHAR,
        "array_prepend");
    functions.both(
        "APPEND",
        "array, value",
        "The array with the value after it.",
        Returns.arrayAt(0),
        Returns.VARCHAR,
        "array_append");
    functions.both(
        "CONCAT",
        "array, other",
        "The elements of both.",
        Returns.arrayAt(0),
        Returns.VARCHAR,
        "array_concat");
    functions.both(
        "SLICE",
        "array, from, to",
        "The elements from one index, inclusive, to another, exclusive.",
        Returns.arrayAt(0),
        Returns.VARCHAR,
        "array_slice");
    functions.both(
        "TO_STRING",
        "array, separator",
        "The elements as one text.",
        Returns.VARCHAR,
        Returns.VARCHAR,
        "array_to_string");
    functions.add(
        "SCALAR_IN_ARRAY",
        "value, array",
        "Whether the array has the value.",
        Returns.BOOLEAN,
        "scalar_in_array");
    functions.add(
        "STRING_TO_ARRAY",
        "text, separator",
        "The parts between what the regular expression finds.",
        Returns.TEXTS,
        "string_to_array");
    functions.add(
        "STRING_TO_MV",
        "text, separator",
        "The same as the values of one row.",
        Returns.VARCHAR,
        "string_to_array");
    functions.add(
        "MV_TO_ARRAY",
        "column",
        "All values of the row as an array.",
        Returns.TEXTS,
        "mv_to_array");
    functions.add(
        "ARRAY_TO_MV",
        "array",
        "The elements as the values of one row.",
        Returns.VARCHAR,
        "array_to_mv");
    functions.add(
        "MV_FILTER_ONLY",
        "column, kept",
        "Those values that the array has.",
        Returns.VARCHAR,
        "mv_filter_only");
    functions.add(
        "MV_FILTER_NONE",
        "column, dropped",
        "Those values that the array has not.",
        Returns.VARCHAR,
        "mv_filter_none");
    return functions.all;
  }

  private void both(
      String name,
      String parameters,
      String meaning,
      SqlReturnTypeInference ofArray,
      SqlReturnTypeInference ofColumn,
      String function) {
    add("ARRAY_" + name, parameters, meaning, ofArray, function);
    add("MV_" + name, parameters, meaning, ofColumn, function);
  }

  private void add(
      String name,
      String parameters,
      String meaning,
      SqlReturnTypeInference returns,
      String function) {
    all.add(
        FunctionDefinition.of(
            name, Group.ARRAY, parameters, meaning, returns, call -> call.direct(function)));
  }
}
