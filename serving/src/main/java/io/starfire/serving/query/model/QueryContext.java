package io.starfire.serving.query.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a query. Unknown settings have no effect, except that unknown names that begin
 * with starfire are refused. Immutable.
 *
 * @param values by name; as in JSON: null, String, Boolean, Number, List or Map
 */
public record QueryContext(Map<String, Object> values) {
  /** No settings. */
  public static final QueryContext EMPTY = new QueryContext(Map.of());

  /** The settings that Druid does not have. An unknown one of these is refused. */
  private static final List<String> OWN = List.of("starfirePublication", "starfireView");

  public QueryContext {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    checkBoolean(values, "skipEmptyBuckets");
    checkBoolean(values, "grandTotal");
    checkBoolean(values, "resultAsArray");
    checkBoolean(values, "sortByDimsFirst");
    checkBoolean(values, "useCache");
    checkBoolean(values, "populateCache");
    checkPriority(values.get("priority"));
    checkBoolean(values, "bySegment");
    checkBoolean(values, "finalize");
    checkNumber(values, "timeout", 0, " (0 is the server's limit)");
    checkNumber(values, "maxSubqueryRows", 1, "");
    Object field = values.get("timestampResultField");
    if (field != null && !(field instanceof String)) {
      throw QueryChecks.invalid(
          "context.timestampResultField must be the name of a field, got '%s'", field);
    }
    checkView(values);
  }

  /** The query's id, chosen by the client; null if it chose none. */
  public @Nullable String queryId() {
    Object id = values.get("queryId");
    return id == null ? null : id.toString();
  }

  /** The time limit of the query, in milliseconds; empty or 0 means the server's limit. */
  public OptionalLong timeoutMillis() {
    Object timeout = values.get("timeout");
    long millis = timeout == null ? 0 : Long.parseLong(timeout.toString());
    return millis == 0 ? OptionalLong.empty() : OptionalLong.of(millis);
  }

  /** How urgent the query is; a larger number comes first, and 0 is usual. */
  public int priority() {
    Object priority = values.get("priority");
    return priority == null ? 0 : Integer.parseInt(priority.toString());
  }

  /** The lane of the query, which limits how many of its kind run at once; empty for none. */
  public String lane() {
    Object lane = values.get("lane");
    return lane == null ? "" : lane.toString();
  }

  /** Whether the answer may be put together from what earlier queries left; true by default. */
  public boolean useCache() {
    return !values.containsKey("useCache") || isTrue("useCache");
  }

  /** Whether later queries may use what this one finds; true by default. */
  public boolean populateCache() {
    return !values.containsKey("populateCache") || isTrue("populateCache");
  }

  /** The largest number of rows that an inner query may have; empty means the server's. */
  public OptionalLong maxSubqueryRows() {
    Object rows = values.get("maxSubqueryRows");
    return rows == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(rows.toString()));
  }

  /** Whether each segment is answered for itself. */
  public boolean bySegment() {
    return isTrue("bySegment");
  }

  /** The number of the earlier view that the query asks for; empty for the current one. */
  public OptionalLong starfireView() {
    Object view = values.get("starfireView");
    return view == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(view.toString()));
  }

  /** The staged publication that the query asks to be shown as if it were active. */
  public Optional<String> starfirePublication() {
    return Optional.ofNullable((String) values.get("starfirePublication"));
  }

  /** Whether a timeseries leaves out buckets without rows. */
  public boolean skipEmptyBuckets() {
    return isTrue("skipEmptyBuckets");
  }

  /** The same without a setting. */
  QueryContext without(String name) {
    if (!values.containsKey(name)) {
      return this;
    }
    Map<String, Object> others = new LinkedHashMap<>(values);
    others.remove(name);
    return new QueryContext(others);
  }

  /** Whether a timeseries or a groupBy ends with a further row, over everything. */
  public boolean grandTotal() {
    return isTrue("grandTotal");
  }

  /** Whether a groupBy gives its rows as arrays. */
  public boolean resultAsArray() {
    return isTrue("resultAsArray");
  }

  /** Whether a groupBy's rows are ordered by the dimensions first, and by time last. */
  public boolean sortByDimsFirst() {
    return isTrue("sortByDimsFirst");
  }

  /**
   * The name of a further field of a timeseries' results, with the bucket's time; null means none.
   */
  public @Nullable String timestampResultField() {
    Object field = values.get("timestampResultField");
    return field == null || field.toString().isEmpty() ? null : field.toString();
  }

  /** Whether the result of a sketch is its estimate, and not the sketch. */
  public boolean finalizes() {
    return values.get("finalize") == null || isTrue("finalize");
  }

  private boolean isTrue(String name) {
    return Boolean.parseBoolean(String.valueOf(values.get(name)));
  }

  private static void checkBoolean(Map<String, Object> values, String name) {
    Object value = values.get(name);
    if (value != null && !value.toString().equals("true") && !value.toString().equals("false")) {
      throw QueryChecks.invalid("context.%s must be true or false, got '%s'", name, value);
    }
  }

  private static void checkView(Map<String, Object> values) {
    for (String name : values.keySet()) {
      if (name.startsWith("starfire") && !OWN.contains(name)) {
        throw QueryChecks.invalid(
            "context.%s is not known; what begins with starfire is one of %s",
            name, String.join(", ", OWN));
      }
    }
    Object view = values.get("starfireView");
    Object publication = values.get("starfirePublication");
    if (view != null && !view.toString().matches("[0-9]{1,18}")) {
      throw QueryChecks.invalid(
          "context.starfireView must be the number of a view, got '%s'", view);
    }
    if (publication != null && !(publication instanceof String id && !id.isBlank())) {
      throw QueryChecks.invalid(
          "context.starfirePublication must be the id of a staged publication, got '%s'",
          publication);
    }
    if (view != null && publication != null) {
      throw QueryChecks.invalid(
          "context.starfireView and context.starfirePublication exclude each other; name one of"
              + " view %s and publication '%s'",
          view, publication);
    }
  }

  private static void checkPriority(@Nullable Object priority) {
    if (priority != null && !priority.toString().matches("-?[0-9]{1,9}")) {
      throw QueryChecks.invalid(
          "context.priority must be a whole number of at most 9 digits, got '%s'", priority);
    }
  }

  private static void checkNumber(
      Map<String, Object> values, String name, long minimum, String meaning) {
    Object value = values.get(name);
    if (value == null) {
      return;
    }
    try {
      if (Long.parseLong(value.toString()) >= minimum) {
        return;
      }
    } catch (NumberFormatException e) {
      // Reported below, like one that is too small.
    }
    String what = name.equals("timeout") ? "milliseconds" : "a whole number";
    throw QueryChecks.invalid(
        "context.%s must be %s at or above %d%s, got '%s'", name, what, minimum, meaning, value);
  }
}
