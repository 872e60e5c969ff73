package io.starfire.serving.sql.plan;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.sql.SqlColumn;
import io.starfire.serving.sql.SqlParameter;
import io.starfire.serving.sql.SqlSession;
import io.starfire.serving.sql.catalog.Catalog;
import io.starfire.serving.sql.catalog.SqlTypes;
import io.starfire.serving.sql.rows.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.plan.Context;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexExecutor;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.SqlExplain;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.RelDecorrelator;
import org.apache.calcite.sql2rel.RelFieldTrimmer;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.apache.calcite.tools.RelBuilder;
import org.jspecify.annotations.Nullable;

/** Reads a statement, checks it against the catalogue, and plans it. Used by one thread, once. */
public final class Frontend {
  private static final SqlRules RULES = new SqlRules();
  private static final SqlParser.Config PARSER =
      SqlParser.config()
          .withQuoting(Quoting.DOUBLE_QUOTE)
          .withUnquotedCasing(Casing.UNCHANGED)
          .withQuotedCasing(Casing.UNCHANGED)
          .withCaseSensitive(true)
          .withConformance(RULES)
          .withIdentifierMaxLength(1024);
  private static final int MAX_DEPTH = 500;

  /** Nothing is computed by generated code. */
  private static final RexExecutor NO_EXECUTOR =
      (rexes, expressions, reduced) -> reduced.addAll(expressions);

  private static final HepProgram SUBQUERIES =
      new HepProgramBuilder()
          .addRuleInstance(CoreRules.FILTER_SUB_QUERY_TO_CORRELATE)
          .addRuleInstance(CoreRules.PROJECT_SUB_QUERY_TO_CORRELATE)
          .addRuleInstance(CoreRules.JOIN_SUB_QUERY_TO_CORRELATE)
          .build();
  private static final HepProgram JOINS =
      new HepProgramBuilder()
          .addRuleCollection(
              List.of(
                  CoreRules.FILTER_INTO_JOIN,
                  CoreRules.JOIN_CONDITION_PUSH,
                  CoreRules.FILTER_PROJECT_TRANSPOSE,
                  CoreRules.FILTER_MERGE))
          .build();

  private final SqlSession session;
  private final Catalog catalog;
  private final RelDataTypeFactory types = SqlTypes.factory();
  private final RexBuilder rexes = new RexBuilder(types);

  public Frontend(SqlSession session, Catalog catalog) {
    this.session = session;
    this.catalog = catalog;
  }

  /**
   * A statement that was planned.
   *
   * @param step null if it has parameters without values
   */
  public record Planned(
      List<SqlColumn> columns,
      List<SqlColumn> parameters,
      boolean explains,
      Set<String> dataSources,
      @Nullable Step step) {}

  /**
   * Reads and plans a statement.
   *
   * @param parameters values of its parameters; null if they are not known yet
   * @throws StarfireException as the engine says
   */
  public Planned plan(String sql, @Nullable List<SqlParameter> parameters) {
    try {
      return planned(parse(sql), parameters);
    } catch (SqlParseException e) {
      throw SqlFaults.of(e);
    } catch (CalciteContextException e) {
      throw SqlFaults.of(e, catalog);
    } catch (StackOverflowError e) {
      throw SqlFaults.tooDeep(e);
    } catch (StarfireException e) {
      throw e;
    } catch (CalciteException e) {
      throw new StarfireException(ErrorCode.INVALID_INPUT, String.valueOf(e.getMessage()), e);
    } catch (RuntimeException | AssertionError e) {
      if (e.getCause() instanceof CalciteContextException inner) {
        throw SqlFaults.of(inner, catalog);
      }
      throw SqlFaults.unexpected(e);
    }
  }

  /** The parser looks ahead over brackets again and again: deep ones would take minutes. */
  private static void checkDepth(String sql) {
    int depth = 0;
    for (int i = 0; i < sql.length(); i++) {
      char c = sql.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth > MAX_DEPTH) {
        throw SqlFaults.tooDeep(null);
      }
    }
  }

  private static SqlNode parse(String sql) throws SqlParseException {
    if (sql.isBlank()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "the statement is empty; write one like SELECT 1");
    }
    checkDepth(sql);
    SqlNodeList statements = SqlParser.create(sql, PARSER).parseStmtList();
    if (statements.size() != 1) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a request has one statement, got %d".formatted(statements.size()));
    }
    return statements.get(0);
  }

  private Planned planned(SqlNode parsed, @Nullable List<SqlParameter> parameters) {
    boolean explains = parsed instanceof SqlExplain;
    SqlNode statement = parsed instanceof SqlExplain explain ? explain.getExplicandum() : parsed;
    if (!statement.isA(SqlKind.QUERY)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "Non-query expression encountered in illegal context: %s statements are not answered here"
              .formatted(statement.getKind()));
    }
    if (parameters != null) {
      ParameterValues values = new ParameterValues(parameters, session.zone());
      statement = statement.accept(values);
      if (values.used() < parameters.size()) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "%d parameters were given, but the statement has %d ?"
                .formatted(parameters.size(), values.used()));
      }
    }
    Void unused = statement.accept(new StatementSize());
    CalciteCatalogReader reader = reader();
    SqlValidator validator =
        new Validator(
            reader,
            types,
            SqlValidator.Config.DEFAULT
                .withConformance(RULES)
                .withDefaultNullCollation(NullCollation.LOW)
                .withIdentifierExpansion(true)
                .withTypeCoercionEnabled(true));
    SqlNode valid = validator.validate(statement);
    List<SqlColumn> parameterTypes = parameters(validator.getParameterRowType(valid));
    if (parameters == null && !parameterTypes.isEmpty()) {
      return new Planned(
          columns(validator.getValidatedNodeType(valid)), parameterTypes, explains, Set.of(), null);
    }
    HepPlanner relPlanner = new HepPlanner(SUBQUERIES, Contexts.EMPTY_CONTEXT);
    relPlanner.setExecutor(NO_EXECUTOR);
    RelOptCluster cluster = RelOptCluster.create(relPlanner, rexes);
    RelRoot root = converted(valid, validator, reader, cluster);
    Planner planner = new Planner(PlanContext.of(session, rexes));
    Part part = planner.plan(improved(root.rel, cluster));
    Step step = last(part, root, planner).finish();
    return new Planned(
        columns(root), parameterTypes, explains, Set.copyOf(planner.dataSources()), step);
  }

  /** Columns that only the order needs are left out. */
  private static Part last(Part part, RelRoot root, Planner planner) {
    if (root.isRefTrivial()) {
      return part;
    }
    RelDataType row = root.rel.getRowType();
    List<org.apache.calcite.rex.RexNode> fields = new ArrayList<>();
    for (Map.Entry<Integer, String> field : root.fields) {
      fields.add(
          new org.apache.calcite.rex.RexInputRef(
              field.getKey(), row.getFieldList().get(field.getKey()).getType()));
    }
    return part instanceof NativePart open
        ? open.projected(fields)
        : new Above(
            CalcSteps.project(
                part.finish(),
                fields,
                column -> Planner.nativeType(row, column),
                planner.context()));
  }

  private CalciteCatalogReader reader() {
    Properties properties = new Properties();
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "true");
    return new CalciteCatalogReader(
        catalog.root(), List.of(Catalog.DRUID), types, new CalciteConnectionConfigImpl(properties));
  }

  private static RelRoot converted(
      SqlNode valid, SqlValidator validator, CalciteCatalogReader reader, RelOptCluster cluster) {
    SqlToRelConverter converter =
        new SqlToRelConverter(
            (row, query, schema, view) -> {
              throw new StarfireException(ErrorCode.UNSUPPORTED, "there are no views");
            },
            validator,
            reader,
            cluster,
            StandardConvertletTable.INSTANCE,
            SqlToRelConverter.config()
                .withExpand(false)
                .withTrimUnusedFields(false)
                .withInSubQueryThreshold(Integer.MAX_VALUE));
    return converter.convertQuery(valid, false, true);
  }

  private RelNode improved(RelNode converted, RelOptCluster cluster) {
    Shape shape = Shape.of(converted);
    if (!shape.hasSubqueries() && shape.joins() == 0 && !shape.trims()) {
      return converted;
    }
    RelNode rel = converted;
    RelBuilder builder = RelFactories.LOGICAL_BUILDER.create(cluster, null);
    if (shape.hasSubqueries()) {
      rel = run(SUBQUERIES, rel, cluster);
      rel = RelDecorrelator.decorrelateQuery(rel, builder);
    }
    rel = run(JOINS, rel, cluster);
    return new RelFieldTrimmer(null, builder).trim(rel);
  }

  private static RelNode run(HepProgram program, RelNode rel, RelOptCluster cluster) {
    Context context = Contexts.EMPTY_CONTEXT;
    HepPlanner planner = new HepPlanner(program, context);
    planner.setExecutor(NO_EXECUTOR);
    planner.setRoot(rel);
    RelNode best = planner.findBestExp();
    cluster.invalidateMetadataQuery();
    return best;
  }

  private static List<SqlColumn> columns(RelRoot root) {
    List<SqlColumn> columns = new ArrayList<>();
    List<RelDataTypeField> fields = root.rel.getRowType().getFieldList();
    for (Map.Entry<Integer, String> field : root.fields) {
      columns.add(SqlTypes.column(field.getValue(), fields.get(field.getKey()).getType()));
    }
    return columns;
  }

  private static List<SqlColumn> columns(RelDataType row) {
    List<SqlColumn> columns = new ArrayList<>();
    for (RelDataTypeField field : row.getFieldList()) {
      columns.add(SqlTypes.column(field.getName(), field.getType()));
    }
    return columns;
  }

  private static List<SqlColumn> parameters(RelDataType row) {
    return columns(row);
  }
}
