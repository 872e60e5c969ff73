package io.starfire.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/** Writes and reads the archive's JSON files. Each file names its layout. Thread-safe. */
final class ArchiveJson {
  // Unlike with Json, the layout is put into the tree before the value is read or written.
  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private ArchiveJson() {}

  static String write(Object value) {
    try {
      ObjectNode tree = MAPPER.createObjectNode().put("layout", ArchiveLayout.LAYOUT);
      tree.setAll((ObjectNode) MAPPER.valueToTree(value));
      return MAPPER.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new StarfireException(ErrorCode.INTERNAL, value + " cannot be written as JSON", e);
    }
  }

  static <T> T read(String json, Class<T> type, String what) {
    try {
      JsonNode tree = MAPPER.readTree(json);
      int layout = tree.path("layout").asInt(1);
      if (tree.isObject() && layout != ArchiveLayout.LAYOUT) {
        throw new StarfireException(
            ErrorCode.UNSUPPORTED,
            "%s is in layout %d of the archive, which another version of Starfire wrote, and this one reads layout %d; begin another archive with starfire.archive.root"
                .formatted(what, layout, ArchiveLayout.LAYOUT));
      }
      return MAPPER.treeToValue(tree, type);
    } catch (ValueInstantiationException e) {
      if (e.getCause() instanceof StarfireException reason) {
        throw reason;
      }
      throw unreadable(what, e);
    } catch (JsonProcessingException e) {
      throw unreadable(what, e);
    }
  }

  private static StarfireException unreadable(String what, JsonProcessingException e) {
    return new StarfireException(
        ErrorCode.CORRUPT, "%s cannot be read: %s".formatted(what, e.getOriginalMessage()), e);
  }
}
