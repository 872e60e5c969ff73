package io.starfire.serving.query.compute;

import io.starfire.event.ColumnType;
import io.starfire.event.DimensionSpec;
import io.starfire.serving.query.expression.Term;
import io.starfire.serving.query.model.OutputType;
import io.starfire.serving.query.model.QueryChecks;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The type of what a part of an expression computes. */
enum ValueType {
  /** Always null: the literal null, or a column that the rows do not have. */
  NOTHING,
  LONG,
  DOUBLE,
  STRING,
  LONG_ARRAY,
  DOUBLE_ARRAY,
  STRING_ARRAY,
  /** A nested value or a scalar, as JSON text. */
  JSON;

  boolean isArray() {
    return this == LONG_ARRAY || this == DOUBLE_ARRAY || this == STRING_ARRAY;
  }

  /** Of the elements; of what is no array, itself. */
  ValueType element() {
    return switch (this) {
      case LONG_ARRAY -> LONG;
      case DOUBLE_ARRAY -> DOUBLE;
      case STRING_ARRAY -> STRING;
      default -> this;
    };
  }

  /** The array whose elements are of this type. */
  ValueType array() {
    return switch (this) {
      case LONG -> LONG_ARRAY;
      case DOUBLE -> DOUBLE_ARRAY;
      case STRING, NOTHING, JSON -> STRING_ARRAY;
      default -> this;
    };
  }

  /** The type that can hold the values of both. */
  ValueType with(ValueType other) {
    if (this == other || other == NOTHING) {
      return this;
    }
    if (this == NOTHING) {
      return other;
    }
    if (this == JSON || other == JSON) {
      return isArray() || other.isArray() ? STRING_ARRAY : STRING;
    }
    if (isArray() || other.isArray()) {
      return element().with(other.element()).array();
    }
    return this == STRING || other == STRING ? STRING : DOUBLE;
  }

  /** Its name in messages and in casts. */
  String text() {
    return isArray() ? "ARRAY<" + element() + ">" : this == JSON ? DimensionSpec.JSON_TYPE : name();
  }

  /** The type with a name, in upper or lower case; null if there is none. */
  static @Nullable ValueType named(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    if (upper.equals("FLOAT")) {
      return DOUBLE;
    }
    for (ValueType type : values()) {
      if (type != NOTHING && (type.text().equals(upper) || type.name().equals(upper))) {
        return type;
      }
    }
    return null;
  }

  static ValueType of(ColumnType type) {
    return switch (type) {
      case LONG -> LONG;
      case DOUBLE -> DOUBLE;
      case STRING -> STRING;
      case COMPLEX -> throw QueryChecks.complex("an expression");
    };
  }

  static ValueType of(OutputType type) {
    return type.element() == null ? of(type.type()) : of(type.element()).array();
  }

  /** What an output of this type is. */
  OutputType outputType() {
    return isArray() ? OutputType.ofArray(element().columnType()) : OutputType.of(columnType());
  }

  static ValueType of(Term.Element element) {
    return switch (element) {
      case LONG -> LONG;
      case DOUBLE -> DOUBLE;
      case STRING -> STRING;
    };
  }

  /** The type of a column that holds it: an array is a column with several values. */
  ColumnType columnType() {
    return switch (this) {
      case LONG -> ColumnType.LONG;
      case DOUBLE -> ColumnType.DOUBLE;
      default -> ColumnType.STRING;
    };
  }
}
