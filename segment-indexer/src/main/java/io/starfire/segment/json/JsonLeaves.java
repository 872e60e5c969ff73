package io.starfire.segment.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The paths at which many JSON values have scalars outside of arrays, numbered as they are found,
 * and the scalars. Not thread-safe.
 */
public final class JsonLeaves {
  private final Node root = new Node(JsonPath.ROOT);
  private final List<JsonPath> paths = new ArrayList<>();

  /** Paths that are still to be found. */
  private int left;

  private static final class Node {
    private final JsonPath path;
    private final Map<String, Node> fields = new HashMap<>();
    private int number = -1;

    Node(JsonPath path) {
      this.path = path;
    }
  }

  /** Takes a scalar. */
  public interface Visitor {
    /**
     * Takes what is at a path.
     *
     * @param path its number
     * @param text the scalar as text
     */
    void at(int path, String text);
  }

  /**
   * Finds paths.
   *
   * @param limit the largest number of paths and of objects on the way to them; what comes later is
   *     passed over
   */
  public JsonLeaves(int limit) {
    this.left = limit;
  }

  /** Finds these paths alone; their numbers are their places. */
  public static JsonLeaves of(Collection<JsonPath> wanted) {
    JsonLeaves leaves = new JsonLeaves(Integer.MAX_VALUE);
    for (JsonPath path : wanted) {
      Node node = leaves.root;
      for (JsonPath.Part part : path.parts()) {
        node = leaves.field(node, ((JsonPath.Field) part).name());
      }
      node.number = leaves.paths.size();
      leaves.paths.add(path);
    }
    leaves.left = 0;
    return leaves;
  }

  /** The paths that are known, by number. */
  public List<JsonPath> paths() {
    return List.copyOf(paths);
  }

  /** Passes on the scalars of a value; nulls are passed over. */
  public void read(String json, Visitor visitor) {
    try (JsonParser parser = JsonReads.parser(json)) {
      parser.nextToken();
      read(parser, root, visitor);
    } catch (IOException e) {
      throw JsonReads.notJson(e);
    }
  }

  private void read(JsonParser parser, @Nullable Node node, Visitor visitor) throws IOException {
    JsonToken token = parser.currentToken();
    if (node == null || token == JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    if (token == JsonToken.START_OBJECT) {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        Node field = field(node, parser.currentName());
        parser.nextToken();
        read(parser, field, visitor);
      }
      return;
    }
    if (token == JsonToken.VALUE_NULL) {
      return;
    }
    if (node.number < 0 && left > 0) {
      left--;
      node.number = paths.size();
      paths.add(node.path);
    }
    if (node.number >= 0) {
      visitor.at(node.number, parser.getText());
    }
  }

  /** Null if there are too many. */
  private @Nullable Node field(Node node, String name) {
    Node field = node.fields.get(name);
    if (field == null && left > 0) {
      left--;
      field = new Node(node.path.field(name));
      node.fields.put(name, field);
    }
    return field;
  }
}
