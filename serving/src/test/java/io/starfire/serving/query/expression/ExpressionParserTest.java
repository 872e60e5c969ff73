package io.starfire.serving.query.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How the text of an expression is read. */
class ExpressionParserTest {
  @Test
  void operatorsBindByTheirPrecedence() {
    assertThat(tree("a + b * c")).isEqualTo("(a + (b * c))");
    assertThat(tree("a - b - c")).isEqualTo("((a - b) - c)");
    assertThat(tree("a ^ b ^ c")).isEqualTo("(a ^ (b ^ c))");
    assertThat(tree("-a ^ 2")).isEqualTo("(-(a) ^ 2)");
    assertThat(tree("a + b < c * d && !e")).isEqualTo("(((a + b) < (c * d)) && !(e))");
    // As in Druid, where both bind alike.
    assertThat(tree("a || b && c")).isEqualTo("((a || b) && c)");
    assertThat(tree("a % b / c")).isEqualTo("((a % b) / c)");
    assertThat(tree("(a + b) * c")).isEqualTo("((a + b) * c)");
    assertThat(tree("a -1")).isEqualTo("(a - 1)");
    assertThat(tree("a == -1")).isEqualTo("(a == -1)");
  }

  @Test
  void literalsNamesAndCallsAreRead() {
    assertThat(tree("\"a \\\"b\\\"\" + 'it\\'s \\u00e4'")).isEqualTo("(a \"b\" + 'it's ä')");
    assertThat(tree("f( 1.5, 2e3, 7, null, NaN )")).isEqualTo("f(1.5, 2000.0, 7, null, NaN)");
    assertThat(tree("[1, 2]")).isEqualTo("LONG[1, 2]");
    assertThat(tree("['a', null]")).isEqualTo("STRING[a, null]");
    assertThat(tree("<DOUBLE>[1]")).isEqualTo("DOUBLE[1.0]");
    assertThat(tree("ARRAY<LONG>[]")).isEqualTo("LONG[]");
    assertThat(tree("map((x) -> x + 1, a)")).isEqualTo("map([x] -> (x + 1), a)");
    assertThat(tree("fold((x, s) -> x + s, a, 0)")).isEqualTo("fold([x, s] -> (x + s), a, 0)");
    assertThat(tree("-9223372036854775808")).isEqualTo("-9223372036854775808");
    assertThat(Expression.parse("any(x -> x == b, a) + c").columns())
        .containsExactly("b", "a", "c");
  }

  @Test
  void aFaultIsNamedWithItsPlace() {
    assertThatThrownBy(() -> Expression.parse("a + "))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessage("the expression 'a + ', character 5: a value was expected, not the end");
    assertThatThrownBy(() -> Expression.parse("f(a b)"))
        .hasMessage("the expression 'f(a b)', character 5: ')' was expected, not 'b'");
    assertThatThrownBy(() -> Expression.parse("a = b")).hasMessageContaining("character 3");
    assertThatThrownBy(() -> Expression.parse("'abc"))
        .hasMessageContaining("character 1: the closing ' is missing");
    assertThatThrownBy(() -> Expression.parse("9223372036854775808"))
        .hasMessageContaining("does not fit into 64 bits");
    assertThatThrownBy(() -> Expression.parse("x".repeat(500) + " +* 1"))
        .hasMessageContaining("character 503")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(250));
  }

  @Test
  void tenThousandLevelsAreRefusedHoweverTheyAreNested() {
    for (String open : new String[] {"(", "-", "!", "f(", "[", "1 + (", "map((x) -> "}) {
      assertThatThrownBy(() -> Expression.parse(open.repeat(10_000) + "1"))
          .as(open)
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
          .hasMessageContaining("nested deeper than 250 levels");
    }
    for (String chain : new String[] {" + ", " || "}) {
      assertThatThrownBy(() -> Expression.parse(("a" + chain).repeat(10_000) + "a"))
          .as(chain)
          .hasMessageContaining("a chain of more than 1,000 operators");
    }
    assertThatThrownBy(() -> Expression.parse("a ^ ".repeat(10_000) + "a"))
        .hasMessageContaining("nested deeper than 250 levels");
  }

  private static String tree(String text) {
    return tree(Expression.parse(text).root());
  }

  private static String tree(Term term) {
    if (term instanceof Term.Literal literal) {
      return literal.value() instanceof String text ? "'" + text + "'" : "" + literal.value();
    }
    if (term instanceof Term.ArrayLiteral array) {
      return array.element() + array.values().toString();
    }
    if (term instanceof Term.Name name) {
      return name.name();
    }
    if (term instanceof Term.Negative negative) {
      return "-(" + tree(negative.operand()) + ")";
    }
    if (term instanceof Term.Not not) {
      return "!(" + tree(not.operand()) + ")";
    }
    if (term instanceof Term.Binary binary) {
      return "(%s %s %s)"
          .formatted(tree(binary.left()), binary.operator().symbol(), tree(binary.right()));
    }
    if (term instanceof Term.Lambda lambda) {
      return lambda.parameters() + " -> " + tree(lambda.body());
    }
    Term.Call call = (Term.Call) term;
    return call.arguments().stream()
        .map(ExpressionParserTest::tree)
        .collect(Collectors.joining(", ", call.function() + "(", ")"));
  }
}
