package io.starfire.serving.query.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.partial.PartialCodec;
import io.starfire.serving.query.result.QueryResult;
import io.starfire.serving.query.result.ResultBuilder;
import io.starfire.serving.query.result.ResultRow;
import io.starfire.serving.query.sample.Answers;
import io.starfire.serving.query.sample.SampleRow;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.theta.SetOperation;
import org.apache.datasketches.theta.Union;
import org.apache.datasketches.theta.UpdateSketch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sketches of plain columns: what they estimate, and what is asked of them. */
@DisabledIf("io.starfire.segment.sketch.SketchLibrary#isMissing")
class SketchQueriesTest {
  private static final long START = Times.parse("2026-11-20T10");
  private static final DataSourceSchema SCHEMA =
      new DataSourceSchema(
          "d",
          List.of(
              new DimensionSpec("g", ColumnType.STRING),
              new DimensionSpec("text", ColumnType.STRING),
              new DimensionSpec("tags", ColumnType.STRING),
              new DimensionSpec("n", ColumnType.LONG),
              new DimensionSpec("x", ColumnType.DOUBLE)),
          List.of(),
          Granularity.DAY,
          Granularity.NONE,
          false);

  private final List<SampleRow> few =
      List.of(
          SampleRow.of(START, "g", "a", "text", "u", "tags", List.of("x", "y"), "n", 1L, "x", 1.0),
          SampleRow.of(START, "g", "a", "text", "v", "tags", List.of("y"), "n", 2L, "x", 2.0),
          SampleRow.of(START, "g", "a", "text", "u", "tags", List.of(), "n", 1L, "x", 3.0),
          SampleRow.of(START, "g", "b", "text", null, "tags", List.of("z"), "n", null, "x", null),
          SampleRow.of(START, "g", "b", "text", "w", "tags", List.of("x"), "n", 2L, "x", 5.0));

  @Test
  void fewDistinctValuesAreCountedExactly() {
    for (String type : List.of("HLLSketchBuild", "thetaSketch")) {
      assertThat(counts(type, "'fieldName':'text'")).as(type).containsExactly(2.0, 1.0);
      assertThat(counts(type, "'fieldName':'tags'")).as(type).containsExactly(2.0, 2.0);
      assertThat(counts(type, "'fieldName':'n'")).as(type).containsExactly(2.0, 1.0);
      assertThat(counts(type, "'fieldName':'x'")).as(type).containsExactly(3.0, 1.0);
      assertThat(counts(type, "'fieldName':'absent'")).as(type).containsExactly(0.0, 0.0);
    }
    assertThat(counts("hyperUnique", "'fieldName':'text'")).containsExactly(0.0, 0.0);
    assertThat(counts("cardinality", "'fields':['text','tags']")).containsExactly(4.0, 3.0);
    assertThat(counts("cardinality", "'fieldNames':['text','n'],'byRow':true"))
        .containsExactly(2.0, 2.0);
    assertThat(
            counts(
                "cardinality",
                "'fields':[{'type':'extraction','dimension':'text',"
                    + "'extractionFn':{'type':'strlen'}}]"))
        .containsExactly(1.0, 1.0);
    assertThat(counts("HLLSketchBuild", "'fieldName':'text','round':true"))
        .containsExactly(2.0, 1.0);
  }

  /** The estimates of group a and group b. */
  private List<Double> counts(String type, String fields) {
    String query =
        groupBy("'dimensions':['g'],", "{'type':'%s','name':'s',%s}".formatted(type, fields), "");
    return List.of(rows(few, true), rows(few, false)).stream()
        .map(set -> answer(query, List.of(set)))
        .map(rows -> rows.stream().map(row -> nearly(number(row, 1))).toList())
        .reduce(
            (stored, live) -> {
              assertThat(live).as("live rows").isEqualTo(stored);
              return stored;
            })
        .orElseThrow();
  }

  /** An HLL sketch of two values says 2.000000005, as in Druid. */
  private static double nearly(double estimate) {
    return Math.abs(estimate - Math.rint(estimate)) < 1e-6 ? Math.rint(estimate) : estimate;
  }

  @Test
  void anAnswerOverNothingIsZero() {
    String aggregations =
        "{'type':'HLLSketchBuild','name':'h','fieldName':'text'},"
            + "{'type':'thetaSketch','name':'t','fieldName':'text'},"
            + "{'type':'quantilesDoublesSketch','name':'q','fieldName':'x'},"
            + "{'type':'cardinality','name':'c','fields':['text']}";
    String posts =
        "{'type':'quantilesDoublesSketchToQuantile','name':'median','fraction':0.5,'field':{'type':'fieldAccess','fieldName':'q'}},"
            + "{'type':'thetaSketchEstimate','name':'te','field':{'type':'fieldAccess','fieldName':'t'}}";
    assertThat(text(groupBy("", aggregations, posts), List.of()))
        .contains("'h':0.0,'t':0.0,'q':0,'c':0.0,'median':'NaN','te':0.0");
  }

  @Test
  void quantilesAreToldInAllForms() {
    List<SampleRow> rows = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      rows.add(SampleRow.of(START, "x", (double) i));
    }
    String field = "'field':{'type':'fieldAccess','fieldName':'q'}";
    String posts =
        "{'type':'quantilesDoublesSketchToQuantile','name':'p','fraction':0.25,%s},"
                .formatted(field)
            + "{'type':'quantilesDoublesSketchToQuantiles','name':'ps','fractions':[0,0.5,1],%s},"
                .formatted(field)
            + "{'type':'quantilesDoublesSketchToHistogram','name':'h','numBins':4,%s},"
                .formatted(field)
            + "{'type':'quantilesDoublesSketchToHistogram','name':'hs','splitPoints':[10,50],%s},"
                .formatted(field)
            + "{'type':'quantilesDoublesSketchToRank','name':'r','value':51,%s},".formatted(field)
            + "{'type':'quantilesDoublesSketchToCDF','name':'cdf','splitPoints':[10,50],%s},"
                .formatted(field)
            + "{'type':'finalizingFieldAccess','name':'n','fieldName':'q'},"
            + "{'type':'quantilesDoublesSketchToString','name':'s',%s}".formatted(field);
    String answer =
        text(
            groupBy("", "{'type':'quantilesDoublesSketch','name':'q','fieldName':'x'}", posts),
            List.of(rows(rows, true)));
    assertThat(answer)
        .contains("'q':100")
        .containsPattern("'p':2[56]\\.0")
        .containsPattern("'ps':\\[1\\.0,5[01]\\.0,100\\.0\\]")
        .contains("'h':[25.0,25.0,25.0,25.0]")
        .contains("'hs':[10.0,40.0,50.0]")
        .contains("'r':0.51")
        .contains("'cdf':[0.1,0.5,1.0]")
        .contains("'n':100")
        .contains("Quantiles");
  }

  @Test
  void setsOfValuesAreCombined() {
    String aggregations =
        "{'type':'filtered','filter':{'type':'selector','dimension':'g','value':'a'},"
            + "'aggregator':{'type':'thetaSketch','name':'a','fieldName':'tags'}},"
            + "{'type':'filtered','filter':{'type':'selector','dimension':'g','value':'b'},"
            + "'aggregator':{'type':'thetaSketch','name':'b','fieldName':'tags'}}";
    String sides =
        "'fields':[{'type':'fieldAccess','fieldName':'a'},{'type':'fieldAccess','fieldName':'b'}]";
    StringBuilder posts = new StringBuilder();
    for (String function : List.of("UNION", "INTERSECT", "NOT")) {
      posts.append(
          "{'type':'thetaSketchEstimate','name':'%s','field':{'type':'thetaSketchSetOp','name':'x','func':'%s',%s}},"
              .formatted(function, function, sides));
    }
    posts.append(
        "{'type':'thetaSketchEstimate','name':'bounds','errorBoundsStdDev':2,'field':{'type':'fieldAccess','fieldName':'a'}}");
    assertThat(text(groupBy("", aggregations, posts.toString()), List.of(rows(few, true))))
        .contains("'a':2.0,'b':2.0,'UNION':3.0,'INTERSECT':1.0,'NOT':1.0")
        .contains("'bounds':{'estimate':2.0,'highBound':2.0,'lowBound':2.0,'numStdDev':2}");
  }

  @Test
  void estimatesHaveBoundsAndSketchesAreUnited() {
    String aggregations =
        "{'type':'HLLSketchBuild','name':'h','fieldName':'text'},"
            + "{'type':'HLLSketchBuild','name':'i','fieldName':'g'},"
            + "{'type':'cardinality','name':'u','fields':['text']}";
    String h = "{'type':'fieldAccess','fieldName':'h'}";
    String posts =
        "{'type':'HLLSketchEstimate','name':'e','round':true,'field':%s},".formatted(h)
            + "{'type':'HLLSketchEstimateWithBounds','name':'b','numStdDev':2,'field':%s},"
                .formatted(h)
            + "{'type':'HLLSketchEstimate','name':'both','round':true,'field':{'type':'HLLSketchUnion','name':'x','fields':[%s,{'type':'fieldAccess','fieldName':'i'}]}},"
                .formatted(h)
            + "{'type':'HLLSketchToString','name':'s','field':%s},".formatted(h)
            + "{'type':'hyperUniqueCardinality','name':'c','fieldName':'u'},"
            + "{'type':'arithmetic','name':'twice','fn':'*','fields':[{'type':'finalizingFieldAccess','fieldName':'h'},{'type':'constant','value':2}]},{'type':'expression','name':'more','expression':'h"
            + " + 1'}";
    String answer = text(groupBy("", aggregations, posts), List.of(rows(few, true)));
    assertThat(answer).contains("'e':3,'b':[3.0").contains("'both':5").contains("HLL SKETCH");
    assertThat(answer).containsPattern("'c':3\\.0[0-9E-]*,'twice':6\\.0[0-9]*,'more':4\\.0");
  }

  @Test
  void withoutFinalizingTheSketchItselfIsAnswered() {
    String aggregation = "{'type':'thetaSketch','name':'t','fieldName':'text'%s}";
    String posts = "{'type':'fieldAccess','name':'raw','fieldName':'t'}";
    List<RowSet> sets = List.of(rows(few, true));
    String byContext =
        text(groupBy("'context':{'finalize':false},", aggregation.formatted(""), ""), sets);
    String bySetting =
        text(groupBy("", aggregation.formatted(",'shouldFinalize':false"), ""), sets);
    String byAccess = text(groupBy("", aggregation.formatted(""), posts), sets);
    assertThat(byContext).isEqualTo(bySetting).contains("'t':'AgMD");
    String sketch = byContext.replaceAll(".*'t':'([^']*)'.*", "$1");
    assertThat(byAccess).contains("'t':3.0,'raw':'" + sketch + "'");
    String again =
        "{'type':'thetaSketchEstimate','name':'e','field':{'type':'thetaSketchConstant','name':'c','value':'%s'}}"
            .formatted(sketch);
    assertThat(text(groupBy("", "{'type':'count','name':'n'}", again), sets)).contains("'e':3.0");
    assertThat(text(groupBy("", aggregation.formatted(",'errorBoundsStdDev':1"), ""), sets))
        .contains("'t':{'estimate':3.0,'highBound':3.0,'lowBound':3.0,'numStdDev':1}");
  }

  @Test
  void groupsAreOrderedAndChosenByEstimates() {
    String query =
        groupBy(
            "'dimensions':['g'],'having':{'type':'greaterThan','aggregation':'s','value':1.5},"
                + "'limitSpec':{'type':'default','columns':[{'dimension':'s','direction':'descending'}]},",
            "{'type':'HLLSketchBuild','name':'s','fieldName':'text'}",
            "");
    assertThat(answer(query, List.of(rows(few, false)))).hasSize(1);
    assertThat(
            text(
                "{'queryType':'topN','dataSource':'d','granularity':'all','intervals':'2026/2027','dimension':'g','threshold':1,'metric':'s',"
                    + "'aggregations':[{'type':'HLLSketchBuild','name':'s','fieldName':'text','round':true}]}",
                List.of(rows(few, true))))
        .contains("[{'g':'a','s':2}]");
  }

  @Test
  void storedSketchesArePutTogether() {
    DataSourceSchema schema =
        new DataSourceSchema(
            "d",
            List.of(new DimensionSpec("g", ColumnType.STRING)),
            List.of(
                new MetricSpec("users", MetricSpec.Aggregation.HLL_SKETCH_BUILD),
                new MetricSpec("set", MetricSpec.Aggregation.THETA_SKETCH),
                new MetricSpec("ms", MetricSpec.Aggregation.QUANTILES_DOUBLES_SKETCH),
                new MetricSpec("unique", MetricSpec.Aggregation.HYPER_UNIQUE)),
            Granularity.DAY,
            Granularity.MINUTE,
            true);
    List<RowSet> sets = new ArrayList<>();
    for (int part = 0; part < 4; part++) {
      IncrementalIndex index = new IncrementalIndex(schema);
      for (int i = 0; i < 300; i++) {
        String user = "u" + (part * 50 + i % 100);
        index.add(
            new DataRow(
                START + i * 1000L,
                new Object[] {i % 2 == 0 ? "a" : "b"},
                new long[4],
                null,
                new Object[] {user, user, (double) i, user}));
      }
      sets.add(part % 2 == 0 ? index.snapshot() : index.sortedSnapshot());
    }
    String aggregations =
        "{'type':'HLLSketchMerge','name':'h','fieldName':'users','round':true},"
            + "{'type':'thetaSketch','name':'t','fieldName':'set'},"
            + "{'type':'quantilesDoublesSketch','name':'q','fieldName':'ms'},"
            + "{'type':'hyperUnique','name':'u','fieldName':'unique','round':true}";
    assertThat(text(groupBy("", aggregations, ""), sets))
        .contains("'h':250,'t':250.0,'q':1200,'u':250");
    assertThat(text(groupBy("'dimensions':['g'],", aggregations, ""), sets))
        .contains("'g':'a','h':125,'t':125.0,'q':600,'u':125")
        .contains("'g':'b','h':125,'t':125.0,'q':600,'u':125");
    for (String wrong :
        List.of(
            groupBy("", "{'type':'HLLSketchBuild','name':'h','fieldName':'users'}", ""),
            groupBy("", "{'type':'thetaSketch','name':'h','fieldName':'users'}", ""),
            groupBy("", "{'type':'hyperUnique','name':'h','fieldName':'users'}", ""),
            groupBy("", "{'type':'longSum','name':'h','fieldName':'users'}", ""),
            groupBy("", "{'type':'stringLast','name':'h','fieldName':'users'}", ""),
            groupBy("", "{'type':'cardinality','name':'h','fields':['users']}", ""),
            groupBy("", "{'type':'longSum','name':'h','expression':'users + 1'}", ""),
            groupBy("'dimensions':['users'],", "{'type':'count','name':'h'}", ""),
            groupBy(
                "'filter':{'type':'selector','dimension':'users','value':'x'},",
                "{'type':'count','name':'h'}",
                ""))) {
      assertThatThrownBy(() -> answer(wrong, sets))
          .as(wrong)
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
          .hasMessageContaining("sketches");
    }
  }

  @Test
  void whatCannotBeComputedIsRefusedWithASentence() {
    String h = "{'type':'HLLSketchBuild','name':'h','fieldName':'text'}";
    refused(
        groupBy("", "{'type':'HLLSketchBuild','name':'h','fieldName':'text','lgK':30}", ""),
        "lgK of HLLSketchBuild must be a whole number from 4 to 21, got 30");
    refused(
        groupBy("", "{'type':'thetaSketch','name':'t','fieldName':'text','size':1000}", ""),
        "size of thetaSketch must be a power of two from 16 to 67108864, got 1000");
    refused(
        groupBy("", "{'type':'quantilesDoublesSketch','name':'q','fieldName':'x','lgK':3}", ""),
        "aggregations[0].lgK is not a field of a quantilesDoublesSketch aggregation");
    refused(
        groupBy("", "{'type':'cardinality','name':'c'}", ""),
        "must name at least one column in fields");
    refused(
        groupBy(
            "",
            h,
            "{'type':'thetaSketchEstimate','name':'e','field':{'type':'fieldAccess','fieldName':'h'}}"),
        "needs a sketch of type thetaSketch, but its field 'h' is of type HLLSketch");
    refused(
        groupBy(
            "",
            h,
            "{'type':'HLLSketchEstimate','name':'e','field':{'type':'finalizingFieldAccess','fieldName':'h'}}"),
        "its field 'h' is DOUBLE; use a fieldAccess");
    refused(
        groupBy(
            "",
            h,
            "{'type':'arithmetic','name':'m','fn':'+','fields':[{'type':'fieldAccess','fieldName':'h'},{'type':'constant','value':1}]}"),
        "calculates with 'h', which is a sketch; use a finalizingFieldAccess");
    refused(
        groupBy(
            "'dimensions':['g'],'limitSpec':{'type':'default','columns':['b']},",
            h,
            "{'type':'HLLSketchEstimateWithBounds','name':'b','field':{'type':'fieldAccess','fieldName':'h'}}"),
        "a limitSpec compares groups by 'b', which is an array or an object and has no order");
    refused(
        groupBy(
            "",
            "{'type':'quantilesDoublesSketch','name':'q','fieldName':'x'}",
            "{'type':'quantilesDoublesSketchToQuantile','name':'p','fraction':1.5,'field':{'type':'fieldAccess','fieldName':'q'}}"),
        "fraction must be from 0 to 1, got 1.5");
    assertThatThrownBy(
            () ->
                answer(
                    groupBy("", "{'type':'quantilesDoublesSketch','name':'q','fieldName':'g'}", ""),
                    List.of(rows(few, true))))
        .hasMessageContaining("needs numbers, but column 'g' is STRING");
    assertThatThrownBy(
            () ->
                answer(
                    groupBy("", "{'type':'HLLSketchMerge','name':'h','fieldName':'g'}", ""),
                    List.of(rows(few, true))))
        .hasMessageContaining("needs sketches, but column 'g' holds values; use HLLSketchBuild");
  }

  private static void refused(String query, String message) {
    assertThatThrownBy(() -> Answers.parse(query))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining(message);
  }

  static LongStream seeds() {
    return LongStream.range(0, 10);
  }

  static LongStream moreSeeds() {
    return LongStream.range(10, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void estimatesAreWithinTheirBoundsHoweverRowsAreSpread(long seed) {
    checkSeed(seed);
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("moreSeeds")
  void estimatesAreWithinTheirBoundsHoweverRowsAreSpreadForManySeeds(long seed) {
    checkSeed(seed);
  }

  private void checkSeed(long seed) {
    Random random = new Random(seed);
    List<SampleRow> rows = new ArrayList<>();
    int distinct = 1 + random.nextInt(20_000);
    for (int i = 0; i < 6_000; i++) {
      rows.add(
          SampleRow.of(
              START + i,
              "g",
              random.nextInt(3) == 0 ? "a" : "b",
              "text",
              random.nextInt(50) == 0 ? null : "value " + random.nextInt(distinct),
              "n",
              (long) random.nextInt(distinct),
              "x",
              random.nextGaussian() * 1000));
    }
    int lgK = 4 + random.nextInt(10);
    int size = 16 << random.nextInt(8);
    int k = 16 << random.nextInt(4);
    String query =
        groupBy(
            "'dimensions':['g'],",
            "{'type':'HLLSketchBuild','name':'h','fieldName':'text','lgK':%d},".formatted(lgK)
                + "{'type':'HLLSketchBuild','name':'l','fieldName':'n','lgK':12,'tgtHllType':'HLL_8'},"
                + "{'type':'thetaSketch','name':'t','fieldName':'text','size':%d},".formatted(size)
                + "{'type':'cardinality','name':'c','fields':['text','n'],'byRow':true},"
                + "{'type':'quantilesDoublesSketch','name':'q','fieldName':'x','k':%d}"
                    .formatted(k),
            "{'type':'quantilesDoublesSketchToQuantile','name':'m','fraction':0.5,'field':{'type':'fieldAccess','fieldName':'q'}}");
    List<ResultRow> whole = answer(query, List.of(rows(rows, true)));
    assertThat(whole).hasSize(2);
    for (ResultRow row : whole) {
      checkGroup(rows, row, lgK, size, k);
    }
    for (int round = 0; round < 2; round++) {
      List<ResultRow> spread = answer(query, spread(rows, random));
      for (int group = 0; group < 2; group++) {
        // All but the quantiles, which the library draws lots for.
        assertThat(spread.get(group).values().subList(0, 6))
            .isEqualTo(whole.get(group).values().subList(0, 6));
        checkGroup(rows, spread.get(group), lgK, size, k);
      }
    }
  }

  /** The rows in several row sets, live ones among them, in another order. */
  private static List<RowSet> spread(List<SampleRow> rows, Random random) {
    List<SampleRow> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, random);
    List<RowSet> sets = new ArrayList<>();
    int from = 0;
    while (from < shuffled.size()) {
      int to = Math.min(shuffled.size(), from + 1 + random.nextInt(3_000));
      sets.add(rows(shuffled.subList(from, to), random.nextBoolean()));
      from = to;
    }
    return sets;
  }

  private static void checkGroup(List<SampleRow> rows, ResultRow row, int lgK, int size, int k) {
    List<SampleRow> own =
        rows.stream().filter(one -> one.value("g").equals(row.values().get(0))).toList();
    Set<Object> texts = distinct(own, "text");
    Set<Object> pairs = new HashSet<>();
    own.forEach(one -> pairs.add(Arrays.asList(one.value("text"), one.value("n"))));
    UpdateSketch theta = UpdateSketch.builder().setNominalEntries(size).build();
    texts.forEach(text -> theta.update((String) text));
    // Of few registers or hashes an estimate is far off more often than its error says: it is
    // lopsided. It is that of the library all the same.
    assertWithin(number(row, 1), texts.size(), 4 * 1.04 / Math.sqrt(1 << lgK));
    HllSketch hll = new HllSketch(lgK);
    texts.forEach(text -> hll.update(((String) text).toCharArray()));
    assertThat(number(row, 1))
        .as("the estimate of the library")
        .isEqualTo(hll.getCompositeEstimate(), within(1e-6 * texts.size()));
    assertWithin(
        number(row, 2), distinct(own, "n").size(), 4 * HllSketch.getRelErr(true, true, 12, 1));
    assertWithin(number(row, 3), texts.size(), 6 / Math.sqrt(size - 1));
    Union union = SetOperation.builder().setNominalEntries(size).buildUnion();
    union.union(theta);
    assertThat(number(row, 3))
        .as("the estimate of the library")
        .isEqualTo(union.getResult().getEstimate(), within(1e-6 * texts.size()));
    assertWithin(number(row, 4), pairs.size(), 4 * HllSketch.getRelErr(true, true, 12, 1));
    double[] sorted = own.stream().mapToDouble(one -> (Double) one.value("x")).sorted().toArray();
    assertThat(number(row, 5)).isEqualTo(sorted.length);
    int rank = Arrays.binarySearch(sorted, number(row, 6));
    assertThat((double) Math.abs(rank) / sorted.length).isEqualTo(0.5, within(4.0 / k));
  }

  private static Set<Object> distinct(List<SampleRow> rows, String column) {
    Set<Object> values = new HashSet<>();
    rows.forEach(row -> values.add(row.value(column)));
    values.remove(null);
    return values;
  }

  private static void assertWithin(double estimate, int exact, double error) {
    assertThat(estimate).isEqualTo(exact, within(Math.abs(error) * exact + 1e-3));
  }

  private static double number(ResultRow row, int place) {
    return ((Number) row.values().get(place)).doubleValue();
  }

  /** As a segment has them, or as they are just read. */
  private static RowSet rows(List<SampleRow> rows, boolean stored) {
    IncrementalIndex index = new IncrementalIndex(SCHEMA);
    for (SampleRow row : rows) {
      Object[] dimensions =
          SCHEMA.dimensions().stream().map(one -> row.value(one.name())).toArray();
      index.add(new DataRow(row.timeMillis(), dimensions, new long[0], null));
    }
    return stored ? index.sortedSnapshot() : index.snapshot();
  }

  private static String groupBy(String more, String aggregations, String posts) {
    return "{'queryType':'groupBy','dataSource':'d','granularity':'all','intervals':'2026/2027',"
        + more
        + "'aggregations':["
        + aggregations
        + "],'postAggregations':["
        + posts
        + "]}";
  }

  private static List<ResultRow> answer(String query, List<RowSet> sets) {
    return result(query, sets).rows();
  }

  private static String text(String query, List<RowSet> sets) {
    return Answers.text(result(query, sets));
  }

  private static QueryResult result(String json, List<RowSet> sets) {
    AggregateQuery query = (AggregateQuery) Answers.parse(json);
    QueryControl control =
        QueryControl.start(
            InstantSource.fixed(Instant.EPOCH), QueryLimits.DEFAULT, QueryContext.EMPTY);
    List<Partial> partials = new ArrayList<>();
    for (RowSet set : sets) {
      Partial partial = QueryEngine.scan(query, set, Interval.ETERNITY, control);
      // Half of them as they are sent.
      partials.add(
          partials.size() % 2 == 0
              ? partial
              : PartialCodec.read(query, PartialCodec.write(partial, control), control));
    }
    return ResultBuilder.finish(query, QueryEngine.merge(query, partials, control), control);
  }
}
