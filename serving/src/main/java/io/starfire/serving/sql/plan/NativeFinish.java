package io.starfire.serving.sql.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.Interval;
import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.sql.catalog.SqlTypes;
import io.starfire.serving.sql.function.ExpressionWriter;
import io.starfire.serving.sql.rows.CalcStep;
import io.starfire.serving.sql.rows.NativeStep;
import io.starfire.serving.sql.rows.Output;
import io.starfire.serving.sql.rows.SortStep;
import io.starfire.serving.sql.rows.Step;
import io.starfire.serving.sql.rows.ValuesStep;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the type of a native query, and writes it: a scan for rows, a timeseries for totals and
 * for buckets of time, a topN for the best of one dimension, else a groupBy. Used once.
 */
final class NativeFinish {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern TIME_FLOOR =
      Pattern.compile("timestamp_floor\\(\"__time\", '([^']+)', (null|\\d+), '([^']+)'\\)");

  private final NativePart part;
  private final PlanContext context;
  private final boolean nested;
  private final Source source;
  private final String prefix;
  private final ExpressionWriter writer;
  private final VirtualColumns virtuals;
  private final ObjectNode query = JSON.objectNode();

  /** What each row of the native answer gives. */
  private final List<Output> outputs = new ArrayList<>();

  /** Of each key and call of the groups, its name and type; of a time bucket the name is null. */
  private final List<Source.Column> groupColumns = new ArrayList<>();

  private final ArrayNode aggregations = JSON.arrayNode();
  private final ArrayNode posts = JSON.arrayNode();
  private boolean impossible;

  NativeFinish(NativePart part, boolean nested) {
    this.part = part;
    this.context = part.context();
    this.nested = nested;
    this.source = part.source();
    this.prefix = prefix(source);
    this.writer = context.writer().over(source::name);
    this.virtuals = new VirtualColumns(prefix);
  }

  /** With which no name of the source begins, so that nothing is hidden. */
  private static String prefix(Source source) {
    String prefix = "";
    while (true) {
      String tried = prefix;
      if (source.columns().stream()
          .noneMatch(column -> column.name().matches(tried + "[adpsv]\\d+.*"))) {
        return prefix;
      }
      prefix = "_" + prefix;
    }
  }

  Step step() {
    return part.groups() == null ? scan() : grouped();
  }

  NativePart.@Nullable Nested nested() {
    Step step = part.groups() == null ? scan() : grouped();
    if (!(step instanceof NativeStep made) || impossible) {
      return null;
    }
    List<Source.Column> columns = new ArrayList<>();
    for (Output output : made.outputs()) {
      String type = output.nativeType();
      if (!type.equals("LONG") && !type.equals("DOUBLE") && !type.equals("STRING")) {
        return null;
      }
      columns.add(new Source.Column(output.isTime() ? "__time" : output.column(), type));
    }
    ObjectNode json = JSON.objectNode().put("type", "query");
    json.set("query", made.json());
    return new NativePart.Nested(json, columns);
  }

  private TimeRanges ranges() {
    return TimeRanges.of(part.filter(), source.timeColumn(), writer, context.rexes());
  }

  private void putSource(TimeRanges ranges) {
    query.set("dataSource", source.json());
    ArrayNode intervals = query.putArray("intervals");
    List<Interval> asked = ranges.intervals();
    if (asked.isEmpty()) {
      intervals.add(Interval.ETERNITY.toString());
      query.set("filter", JSON.objectNode().put("type", "false"));
      return;
    }
    asked.forEach(interval -> intervals.add(interval.toString()));
    if (ranges.rest() != null) {
      query.set("filter", filters(source.columns()).write(simplified(ranges.rest())));
    }
  }

  private RexNode simplified(RexNode condition) {
    return RexUtil.flatten(context.rexes(), condition);
  }

  private FilterWriter filters(List<Source.Column> columns) {
    return new FilterWriter(context.writer(), context.rexes(), columns);
  }

  private static boolean isEmpty(ObjectNode made) {
    return made.path("filter").path("type").asText().equals("false");
  }

  private Step nothing() {
    return new ValuesStep(List.of());
  }

  // Rows.

  private Step scan() {
    if (part.fetch() == 0 && !nested) {
      return nothing();
    }
    query.put("queryType", "scan");
    putSource(ranges());
    if (isEmpty(query) && !nested) {
      return nothing();
    }
    Set<String> columns = new LinkedHashSet<>();
    for (RexNode field : part.fields()) {
      outputs.add(scanned(field, columns));
    }
    boolean byTime = isByTime(part.sort());
    List<SortStep.Key> keys = new ArrayList<>();
    int width = outputs.size();
    if (!part.sort().isEmpty() && !byTime) {
      impossible = true;
      for (NativePart.SortKey key : part.sort()) {
        int at = part.fields().indexOf(key.value());
        if (at < 0) {
          at = outputs.size();
          outputs.add(scanned(key.value(), columns));
        }
        keys.add(new SortStep.Key(at, key.descending(), key.nullsFirst()));
      }
    }
    if (columns.isEmpty()) {
      // Only the number of rows matters.
      columns.add(source.timeColumn() >= 0 ? "__time" : source.columns().get(0).name());
    }
    virtuals.writeTo(query);
    ArrayNode names = query.putArray("columns");
    columns.forEach(names::add);
    if (byTime) {
      query.put("order", part.sort().get(0).descending() ? "descending" : "ascending");
    }
    if (keys.isEmpty()) {
      if (part.offset() > 0) {
        query.put("offset", part.offset());
      }
      if (part.fetch() > 0) {
        query.put("limit", part.fetch());
      }
    }
    query.put("resultFormat", "compactedList");
    query.set("context", context.queryContext());
    Step step = made();
    if (!keys.isEmpty()) {
      step = new SortStep(step, keys, part.offset(), part.fetch());
      step = narrowed(step, width, outputs.size());
    }
    return step;
  }

  private boolean isByTime(List<NativePart.SortKey> sort) {
    return !sort.isEmpty()
        && sort.get(0).value() instanceof RexInputRef ref
        && ref.getIndex() == source.timeColumn()
        && sort.size() == 1;
  }

  /** What a scan gives for a field. */
  private Output scanned(RexNode field, Set<String> columns) {
    String type = SqlTypes.nativeType(field.getType());
    if (field instanceof RexInputRef ref) {
      Source.Column column = source.columns().get(ref.getIndex());
      columns.add(column.name());
      return Output.ofColumn(column.name(), type);
    }
    Constants.Value constant = nested ? null : Constants.of(field, writer);
    if (constant != null) {
      return Output.ofConstant(asValue(constant), type);
    }
    String name = virtuals.add(writer.write(field), virtualType(type));
    columns.add(name);
    return Output.ofColumn(name, type);
  }

  private static @Nullable Object asValue(Constants.Value constant) {
    return io.starfire.serving.sql.rows.Values.ofNative(constant.value());
  }

  private static String virtualType(String type) {
    return type.equals("LONG") || type.equals("DOUBLE") ? type : "STRING";
  }

  private Step made() {
    byte[] text = query.toString().getBytes(StandardCharsets.UTF_8);
    return new NativeStep(QueryParser.parse(text), query, outputs, part.feed());
  }

  private static Step narrowed(Step step, int width, int now) {
    if (width == now) {
      return step;
    }
    List<CalcStep.Field> fields = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      fields.add(CalcStep.Field.ofColumn(i));
    }
    return new CalcStep(step, Map.of(), new int[0], null, fields);
  }

  // Groups.

  private Step grouped() {
    NativePart.Groups groups = part.groups();
    TimeRanges ranges = ranges();
    if (!nested
        && (part.fetch() == 0 || (ranges.intervals().isEmpty() && !groups.keys().isEmpty()))) {
      return nothing();
    }
    AggregationWriter writing =
        new AggregationWriter(context.writer(), context.rexes(), source.columns(), virtuals);
    String bucket = timeBucket(groups);
    ArrayNode dimensions = JSON.arrayNode();
    for (RexNode key : groups.keys()) {
      if (bucket != null) {
        groupColumns.add(new Source.Column("__time", "LONG"));
      } else {
        groupColumns.add(dimension(key, dimensions));
      }
    }
    for (AggregationWriter.Call call : groups.calls()) {
      String name = prefix + "a" + aggregations.size();
      AggregationWriter.Written written = writing.write(call, name);
      aggregations.add(written.aggregation());
      if (written.post() != null) {
        posts.add(written.post());
      }
      String type = SqlTypes.nativeType(call.type());
      groupColumns.add(new Source.Column(name, type));
    }
    return groupedBy(ranges, bucket, dimensions);
  }

  private Source.Column dimension(RexNode key, ArrayNode dimensions) {
    String type = SqlTypes.nativeType(key.getType());
    if (!type.equals("LONG") && !type.equals("DOUBLE") && !type.equals("STRING")) {
      throw new io.starfire.common.StarfireException(
          io.starfire.common.ErrorCode.UNSUPPORTED,
          "rows cannot be grouped by values of type %s; group by a text or a number of them"
              .formatted(type));
    }
    String name = prefix + "d" + dimensions.size();
    String column =
        key instanceof RexInputRef ref
            ? source.name(ref.getIndex())
            : virtuals.add(writer.write(key), type);
    dimensions
        .addObject()
        .put("type", "default")
        .put("dimension", column)
        .put("outputName", name)
        .put("outputType", type);
    return new Source.Column(name, type);
  }

  /** The granularity of a timeseries if the groups are buckets of time; else null. */
  private @Nullable String timeBucket(NativePart.Groups groups) {
    if (groups.keys().size() != 1
        || source.timeColumn() < 0
        || part.having() != null
        || part.offset() > 0
        || part.sort().size() > 1
        || groups.keys().get(0) instanceof RexInputRef) {
      return null;
    }
    if (!part.sort().isEmpty()
        && !(part.sort().get(0).value() instanceof RexInputRef ref && ref.getIndex() == 0)) {
      return null;
    }
    for (RexNode field : part.fields()) {
      if (!(field instanceof RexInputRef) && readsTime(field)) {
        return null;
      }
    }
    String text = writer.write(groups.keys().get(0));
    return TIME_FLOOR.matcher(text).matches() ? text : null;
  }

  /** Whether an expression reads the first output, which has no name in a timeseries. */
  private static boolean readsTime(RexNode node) {
    Set<Integer> read = new LinkedHashSet<>();
    node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            read.add(ref.getIndex());
            return ref;
          }
        });
    return read.contains(0);
  }

  private Step groupedBy(TimeRanges ranges, @Nullable String bucket, ArrayNode dimensions) {
    List<RexNode> fields = withSketchPosts(part.fields());
    boolean computesAbove = !nested && fields.stream().anyMatch(this::isAbove);
    List<NativePart.SortKey> sort = new ArrayList<>();
    for (NativePart.SortKey key : part.sort()) {
      RexNode value = withSketchPosts(List.of(key.value())).get(0);
      if (Constants.readsRows(value)) {
        sort.add(new NativePart.SortKey(value, key.descending(), key.nullsFirst()));
      }
    }
    RexNode having = part.having() == null ? null : withSketchPosts(List.of(part.having())).get(0);
    boolean sortsAbove = sort.stream().anyMatch(key -> isAbove(key.value()) || !isNative(key));
    if (sortsAbove || computesAbove) {
      impossible = true;
    }
    putSource(ranges);
    if (computesAbove) {
      for (int i = 0; i < groupColumns.size(); i++) {
        outputs.add(output(i));
      }
    } else {
      for (RexNode field : fields) {
        outputs.add(posted(field));
      }
    }
    List<String> sortNames = new ArrayList<>();
    if (!sortsAbove) {
      for (NativePart.SortKey key : sort) {
        sortNames.add(sortName(key.value()));
      }
    }
    List<SortStep.Key> keys = new ArrayList<>();
    int width = outputs.size();
    if (sortsAbove && !computesAbove) {
      for (NativePart.SortKey key : sort) {
        int at = fields.indexOf(key.value());
        if (at < 0) {
          at = outputs.size();
          outputs.add(posted(key.value()));
        }
        keys.add(new SortStep.Key(at, key.descending(), key.nullsFirst()));
      }
    }
    typed(bucket, dimensions, having, sort, sortNames, sortsAbove);
    virtuals.writeTo(query);
    if (!aggregations.isEmpty()) {
      query.set("aggregations", aggregations);
    }
    if (!posts.isEmpty()) {
      query.set("postAggregations", posts);
    }
    ObjectNode settings = context.queryContext();
    if (query.path("queryType").asText().equals("timeseries") && bucket != null) {
      settings.put("skipEmptyBuckets", true);
    }
    query.set("context", settings);
    Step step = made();
    if (computesAbove) {
      return computedAbove(step, fields, sort, sortsAbove);
    }
    if (sortsAbove) {
      step = new SortStep(step, keys, part.offset(), part.fetch());
      return narrowed(step, width, outputs.size());
    }
    return limitedAbove(step);
  }

  /** A timeseries over all of time has no limit of its own. */
  private Step limitedAbove(Step step) {
    boolean total =
        query.path("queryType").asText().equals("timeseries") && part.groups().keys().isEmpty();
    if (total && part.offset() > 0) {
      impossible = true;
      return new SortStep(step, List.of(), part.offset(), part.fetch());
    }
    return step;
  }

  private void typed(
      @Nullable String bucket,
      ArrayNode dimensions,
      @Nullable RexNode having,
      List<NativePart.SortKey> sort,
      List<String> sortNames,
      boolean sortsAbove) {
    boolean limits = !sortsAbove && part.isLimited();
    if (bucket != null) {
      Matcher matcher = TIME_FLOOR.matcher(bucket);
      boolean unused = matcher.matches();
      query.put("queryType", "timeseries");
      ObjectNode granularity =
          query
              .putObject("granularity")
              .put("type", "period")
              .put("period", matcher.group(1))
              .put("timeZone", matcher.group(3));
      if (!matcher.group(2).equals("null")) {
        granularity.put("origin", Long.parseLong(matcher.group(2)));
      }
      query.put("descending", !sort.isEmpty() && sort.get(0).descending());
      if (limits && part.fetch() > 0) {
        query.put("limit", part.fetch());
      }
      return;
    }
    query.put("granularity", "all");
    if (dimensions.isEmpty() && having == null) {
      query.put("queryType", "timeseries");
      return;
    }
    if (isTopN(dimensions, having, sort, sortNames, sortsAbove)) {
      query.put("queryType", "topN");
      query.set("dimension", dimensions.get(0));
      query.put("metric", sortNames.get(0)).put("threshold", part.fetch());
      return;
    }
    query.put("queryType", "groupBy");
    query.set("dimensions", dimensions);
    if (having != null) {
      ObjectNode filter = filters(groupColumns).write(simplified(having));
      query.putObject("having").put("type", "filter").set("filter", filter);
    }
    if (sortsAbove || (sort.isEmpty() && !limits)) {
      return;
    }
    ObjectNode limitSpec = query.putObject("limitSpec").put("type", "default");
    ArrayNode columns = limitSpec.putArray("columns");
    for (int i = 0; i < sort.size(); i++) {
      boolean text = SqlTypes.nativeType(sort.get(i).value().getType()).equals("STRING");
      columns
          .addObject()
          .put("dimension", sortNames.get(i))
          .put("direction", sort.get(i).descending() ? "descending" : "ascending")
          .put("dimensionOrder", text ? "lexicographic" : "numeric");
    }
    if (part.offset() > 0) {
      limitSpec.put("offset", part.offset());
    }
    if (part.fetch() > 0) {
      limitSpec.put("limit", part.fetch());
    }
  }

  private boolean isTopN(
      ArrayNode dimensions,
      @Nullable RexNode having,
      List<NativePart.SortKey> sort,
      List<String> sortNames,
      boolean sortsAbove) {
    return !sortsAbove
        && dimensions.size() == 1
        && having == null
        && part.fetch() > 0
        && part.fetch() <= Integer.MAX_VALUE
        && part.offset() == 0
        && sort.size() == 1
        && sort.get(0).descending()
        && !sortNames.get(0).equals(dimensions.get(0).path("outputName").asText())
        && !SqlTypes.nativeType(sort.get(0).value().getType()).equals("STRING");
  }

  /** Nulls come first or last as in native queries. */
  private static boolean isNative(NativePart.SortKey key) {
    return key.nullsFirst() != key.descending() || !key.value().getType().isNullable();
  }

  /** Whether post-aggregations cannot compute an expression. */
  private boolean isAbove(RexNode node) {
    if (node instanceof RexInputRef || !Constants.readsRows(node)) {
      return false;
    }
    String type = SqlTypes.nativeType(node.getType());
    boolean[] found = {type.startsWith("ARRAY") || type.startsWith("COMPLEX")};
    node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitCall(RexCall call) {
            found[0] |= call.getOperator().getName().equalsIgnoreCase("LOOKUP");
            return super.visitCall(call);
          }

          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            String read = SqlTypes.nativeType(ref.getType());
            found[0] |= read.startsWith("ARRAY") || read.startsWith("COMPLEX");
            return ref;
          }
        });
    return found[0];
  }

  /** What asks a sketch becomes an output of its own, to which the expressions refer. */
  private List<RexNode> withSketchPosts(List<RexNode> nodes) {
    RexShuttle shuttle =
        new RexShuttle() {
          @Override
          public RexNode visitCall(RexCall call) {
            if (!SketchPosts.isOne(call)) {
              return super.visitCall(call);
            }
            ObjectNode post =
                SketchPosts.write(
                    call, column -> groupColumns.get(column).name(), context.writer());
            String name = prefix + "s" + posts.size();
            posts.add(post.put("name", name));
            groupColumns.add(new Source.Column(name, SqlTypes.nativeType(call.getType())));
            return new RexInputRef(groupColumns.size() - 1, call.getType());
          }
        };
    List<RexNode> replaced = new ArrayList<>();
    nodes.forEach(node -> replaced.add(node.accept(shuttle)));
    return replaced;
  }

  private Output output(int groupColumn) {
    Source.Column column = groupColumns.get(groupColumn);
    return column.name().equals("__time") && groupColumn == 0 && isBucketed()
        ? Output.ofTime()
        : Output.ofColumn(column.name(), column.nativeType());
  }

  private boolean isBucketed() {
    return !groupColumns.isEmpty()
        && groupColumns.get(0).name().equals("__time")
        && part.groups().keys().size() == 1;
  }

  private ExpressionWriter overGroups() {
    return context.writer().over(column -> groupColumns.get(column).name());
  }

  /** What the answer gives for a field; what is computed becomes a post-aggregation. */
  private Output posted(RexNode field) {
    if (field instanceof RexInputRef ref) {
      Output output = output(ref.getIndex());
      if (isZeroSum(ref.getIndex())) {
        String name = post("nvl(%s, 0)".formatted(ExpressionWriter.name(output.column())));
        return Output.ofColumn(name, output.nativeType());
      }
      return output;
    }
    String type = SqlTypes.nativeType(field.getType());
    Constants.Value constant = nested ? null : Constants.of(field, context.writer());
    if (constant != null) {
      return Output.ofConstant(asValue(constant), type);
    }
    String text = overGroups().write(field);
    return Output.ofColumn(post(nested ? "cast(%s, '%s')".formatted(text, type) : text), type);
  }

  private boolean isZeroSum(int groupColumn) {
    int call = groupColumn - part.groups().keys().size();
    return call >= 0
        && call < part.groups().calls().size()
        && part.groups().calls().get(call).function().getName().equals("$SUM0");
  }

  private String post(String expression) {
    String name = prefix + "p" + posts.size();
    posts.addObject().put("type", "expression").put("name", name).put("expression", expression);
    return name;
  }

  private String sortName(RexNode value) {
    return value instanceof RexInputRef ref
        ? groupColumns.get(ref.getIndex()).name()
        : post(overGroups().write(value));
  }

  /** Fields and order are computed by a step above. */
  private Step computedAbove(
      Step step, List<RexNode> fields, List<NativePart.SortKey> sort, boolean sortsAbove) {
    List<RexNode> all = new ArrayList<>(fields);
    List<SortStep.Key> keys = new ArrayList<>();
    if (sortsAbove) {
      for (NativePart.SortKey key : sort) {
        keys.add(new SortStep.Key(all.size(), key.descending(), key.nullsFirst()));
        all.add(key.value());
      }
    }
    Step computed =
        CalcSteps.project(step, all, column -> groupColumns.get(column).nativeType(), context);
    if (!sortsAbove) {
      return computed;
    }
    Step sorted = new SortStep(computed, keys, part.offset(), part.fetch());
    return narrowed(sorted, fields.size(), all.size());
  }
}
