package io.starfire.serving.sql.function;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** One call of a function, while it is written as a native expression. */
final class CallWriter {
  private final RexCall call;
  private final ExpressionWriter writer;

  CallWriter(RexCall call, ExpressionWriter writer) {
    this.call = call;
    this.writer = writer;
  }

  int count() {
    return call.getOperands().size();
  }

  RelDataType type() {
    return call.getType();
  }

  RexNode operand(int i) {
    return call.getOperands().get(i);
  }

  ExpressionWriter writer() {
    return writer;
  }

  /** An argument as it is. */
  String arg(int i) {
    return writer.write(operand(i));
  }

  /** An argument, or {@code null} if it is not given. */
  String argOrNull(int i) {
    return i < count() ? arg(i) : "null";
  }

  /** An argument as a text. */
  String text(int i) {
    return SqlTypeUtil.inCharFamily(operand(i).getType()) || isArray(i)
        ? arg(i)
        : writer.cast(operand(i), SqlTypeName.VARCHAR);
  }

  /** An argument as a time; a text is read as one. */
  String time(int i) {
    return SqlTypeUtil.inCharFamily(operand(i).getType())
        ? writer.cast(operand(i), SqlTypeName.TIMESTAMP)
        : arg(i);
  }

  boolean isArray(int i) {
    return operand(i).getType().getSqlTypeName() == SqlTypeName.ARRAY;
  }

  boolean isText(int i) {
    return SqlTypeUtil.inCharFamily(operand(i).getType());
  }

  /** The text of an argument that must be a literal; null if it is null or not given. */
  @Nullable String literal(int i) {
    return i < count() ? writer.literalText(operand(i), call.getOperator().getName(), i) : null;
  }

  /** A period, as a text of an expression. */
  String period(int i) {
    String period = literal(i);
    if (period == null) {
      throw writer.invalid(
          "%s needs a period as argument %d, such as 'PT1H' or 'P1D', got null",
          call.getOperator().getName(), i + 1);
    }
    return ExpressionWriter.quote(period);
  }

  /** The time zone of an argument, or that of the session if it is null or not given. */
  String zone(int i) {
    String zone = literal(i);
    if (zone == null) {
      return writer.zoneText();
    }
    try {
      return ExpressionWriter.quote(ZoneId.of(zone).getId());
    } catch (DateTimeException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "'%s' is not a time zone; use a name such as America/Los_Angeles, or an offset such as +02:00"
              .formatted(zone),
          e);
    }
  }

  /** All arguments as they are. */
  List<String> args() {
    List<String> written = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      written.add(arg(i));
    }
    return written;
  }

  /** A call of a native function of the same arguments. */
  String direct(String function) {
    return function + "(" + String.join(", ", args()) + ")";
  }
}
