package io.starfire.decoding;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The value at a parser's current token. */
final class JsonValue extends FieldValue {
  private final JsonParser parser;

  JsonValue(JsonParser parser) {
    this.parser = parser;
  }

  @Override
  public Kind kind() {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> Kind.NULL;
      case VALUE_STRING -> Kind.TEXT;
      case VALUE_TRUE, VALUE_FALSE -> Kind.BOOLEAN;
      case VALUE_NUMBER_INT -> Kind.INTEGER;
      case VALUE_NUMBER_FLOAT -> Kind.DECIMAL;
      case START_ARRAY -> Kind.LIST;
      case START_OBJECT -> Kind.OBJECT;
      default -> throw new IllegalStateException("no value: " + parser.currentToken());
    };
  }

  @Override
  public String text() {
    try {
      String text = parser.getText();
      return parser.currentToken() == JsonToken.VALUE_STRING ? Utf8Text.requireWhole(text) : text;
    } catch (IOException e) {
      throw JsonScanner.notJson(e);
    }
  }

  @Override
  public boolean isBlank() {
    JsonToken token = parser.currentToken();
    return token == JsonToken.VALUE_NULL
        || (token == JsonToken.VALUE_STRING && Numerals.isBlank(text()));
  }

  @Override
  public long longValue() {
    try {
      if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
          && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
        return parser.getLongValue();
      }
    } catch (IOException e) {
      throw JsonScanner.notJson(e);
    }
    return super.longValue();
  }

  @Override
  public void elements(Consumer<FieldValue> to) {
    try {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        to.accept(this);
        parser.skipChildren();
      }
    } catch (IOException e) {
      throw JsonScanner.notJson(e);
    }
  }

  @Override
  public void fields(BiConsumer<String, FieldValue> to) {
    try {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = Utf8Text.requireWhole(parser.currentName());
        parser.nextToken();
        to.accept(name, this);
        parser.skipChildren();
      }
    } catch (IOException e) {
      throw JsonScanner.notJson(e);
    }
  }
}
