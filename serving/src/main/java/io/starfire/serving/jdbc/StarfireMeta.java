package io.starfire.serving.jdbc;

import io.starfire.serving.sql.SqlParameter;
import io.starfire.serving.sql.SqlRequest;
import io.starfire.serving.sql.SqlStatement;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.calcite.avatica.MissingResultsException;
import org.apache.calcite.avatica.NoSuchStatementException;
import org.apache.calcite.avatica.QueryState;
import org.apache.calcite.avatica.remote.TypedValue;

/**
 * Answers the requests of the protocol: statements by the SQL engine, questions about tables by
 * statements over {@code INFORMATION_SCHEMA}. Thread-safe.
 */
final class StarfireMeta extends UnaskedMeta {
  private static final long ALL_ROWS = -1;

  private final Function<SqlRequest, SqlStatement> engine;
  private final JdbcConnections connections;

  StarfireMeta(Function<SqlRequest, SqlStatement> engine, JdbcConnections connections) {
    this.engine = engine;
    this.connections = connections;
  }

  @Override
  public void openConnection(ConnectionHandle handle, Map<String, String> info) {
    connections.open(handle.id, info == null ? Map.of() : info);
  }

  @Override
  public void closeConnection(ConnectionHandle handle) {
    connections.close(handle.id);
  }

  /** What a client sets is told back to it, and changes nothing here. */
  @Override
  public ConnectionProperties connectionSync(
      ConnectionHandle handle, ConnectionProperties properties) {
    var unused = connections.require(handle.id);
    return properties;
  }

  /** There is nothing to commit: statements only read. */
  @Override
  public void commit(ConnectionHandle handle) {
    var unused = connections.require(handle.id);
  }

  @Override
  public void rollback(ConnectionHandle handle) {
    var unused = connections.require(handle.id);
  }

  @Override
  public Map<DatabaseProperty, Object> getDatabaseProperties(ConnectionHandle handle) {
    var unused = connections.require(handle.id);
    return Map.of();
  }

  @Override
  public StatementHandle createStatement(ConnectionHandle handle) {
    return connections.require(handle.id).create().handle();
  }

  @Override
  public void closeStatement(StatementHandle handle) {
    connections.closeStatement(handle.connectionId, handle.id);
  }

  @Override
  public StatementHandle prepare(ConnectionHandle handle, String sql, long maxRowCount) {
    JdbcConnection connection = connections.require(handle.id);
    JdbcStatement statement = connection.create();
    boolean whole = false;
    try {
      statement.prepare(sql, engine.apply(connection.request(sql)));
      whole = true;
      return statement.handle();
    } finally {
      if (!whole) {
        connection.close(statement.id());
      }
    }
  }

  @Override
  public ExecuteResult prepareAndExecute(
      StatementHandle handle,
      String sql,
      long maxRowCount,
      int maxRowsInFirstFrame,
      PrepareCallback callback)
      throws NoSuchStatementException {
    JdbcConnection connection = connections.require(handle.connectionId);
    try (JdbcConnection.Use use = use(connection, handle)) {
      JdbcStatement statement = use.statement();
      statement.prepare(sql, engine.apply(connection.request(sql)));
      return new ExecuteResult(
          List.of(statement.execute(List.of(), maxRowCount, maxRowsInFirstFrame)));
    }
  }

  /** The client that is told that there is no such statement prepares it again. */
  private static JdbcConnection.Use use(JdbcConnection connection, StatementHandle handle)
      throws NoSuchStatementException {
    JdbcConnection.Use use = connection.use(handle.id);
    if (use == null) {
      throw new NoSuchStatementException(handle);
    }
    return use;
  }

  @Override
  public ExecuteResult execute(
      StatementHandle handle, List<TypedValue> parameterValues, int maxRowsInFirstFrame)
      throws NoSuchStatementException {
    try (JdbcConnection.Use use = use(connections.require(handle.connectionId), handle)) {
      JdbcStatement statement = use.statement();
      List<SqlParameter> values = JdbcTypes.values(statement.parameters(), parameterValues);
      return new ExecuteResult(List.of(statement.execute(values, ALL_ROWS, maxRowsInFirstFrame)));
    }
  }

  @Override
  public Frame fetch(StatementHandle handle, long offset, int fetchMaxRowCount)
      throws NoSuchStatementException, MissingResultsException {
    try (JdbcConnection.Use use = connections.require(handle.connectionId).use(handle.id)) {
      if (use == null) {
        throw new JdbcException(
            "connection %s has no statement %d: it was closed, or forgotten for longer than starfire.server.jdbc.statement-idle; execute it again"
                .formatted(handle.connectionId, handle.id));
      }
      return use.statement().fetch(offset, fetchMaxRowCount);
    }
  }

  @Override
  public MetaResultSet getCatalogs(ConnectionHandle handle) {
    return whole(handle, MetadataQueries.catalogs());
  }

  @Override
  public MetaResultSet getTableTypes(ConnectionHandle handle) {
    return whole(handle, MetadataQueries.tableTypes());
  }

  @Override
  public MetaResultSet getSchemas(ConnectionHandle handle, String catalog, Pat schemaPattern) {
    return whole(handle, MetadataQueries.schemas(catalog, schemaPattern));
  }

  @Override
  public MetaResultSet getTables(
      ConnectionHandle handle,
      String catalog,
      Pat schemaPattern,
      Pat tableNamePattern,
      List<String> typeList) {
    return whole(
        handle, MetadataQueries.tables(catalog, schemaPattern, tableNamePattern, typeList));
  }

  @Override
  public MetaResultSet getColumns(
      ConnectionHandle handle,
      String catalog,
      Pat schemaPattern,
      Pat tableNamePattern,
      Pat columnNamePattern) {
    return whole(
        handle,
        MetadataQueries.columns(catalog, schemaPattern, tableNamePattern, columnNamePattern));
  }

  @Override
  public MetaResultSet getTypeInfo(ConnectionHandle handle) {
    return withStatement(handle, statement -> TypeInfo.resultSet(handle.id, statement.id()));
  }

  /** All rows at once, of a statement that is closed then. */
  private MetaResultSet whole(ConnectionHandle handle, MetadataQueries.Text text) {
    return withStatement(
        handle,
        statement -> {
          statement.prepare(
              text.shown(), engine.apply(connections.require(handle.id).request(text.run())));
          return statement.execute(List.of(), ALL_ROWS, JdbcStatement.UNLIMITED);
        });
  }

  private MetaResultSet withStatement(
      ConnectionHandle handle, Function<JdbcStatement, MetaResultSet> answer) {
    JdbcConnection connection = connections.require(handle.id);
    JdbcStatement statement = connection.create();
    try {
      return answer.apply(statement);
    } finally {
      connection.close(statement.id());
    }
  }

  /** Rows are fetched once: who lost them executes the statement again. */
  @Override
  public boolean syncResults(StatementHandle handle, QueryState state, long offset) {
    throw new JdbcException(
        "the rows of statement %d of connection %s are gone; execute it again"
            .formatted(handle.id, handle.connectionId));
  }
}
