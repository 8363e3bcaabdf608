using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ringback.Storage.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "tenants",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tenants", x => x.tenant_id);
                });

            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "integer", nullable: false),
                    key_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    rights = table.Column<int>(type: "integer", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    revoked_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_keys", x => new { x.tenant_id, x.key_id });
                    table.ForeignKey(
                        name: "fk_api_keys_tenants",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "call_in_groups",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    phone_numbers = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    access_code_digits = table.Column<int>(type: "integer", nullable: false),
                    expiry_seconds = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_call_in_groups", x => new { x.tenant_id, x.name });
                    table.ForeignKey(
                        name: "fk_call_in_groups_tenants",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "credentials",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "integer", nullable: false),
                    app = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    slot = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    project_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    @sealed = table.Column<byte[]>(name: "sealed", type: "bytea", nullable: false),
                    client_email_mask = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    private_key_mask = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    status = table.Column<int>(type: "integer", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_by = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    last_check_at = table.Column<long>(type: "bigint", nullable: true),
                    last_check_result = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    last_check_detail = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_credentials", x => new { x.tenant_id, x.app, x.slot });
                    table.ForeignKey(
                        name: "fk_credentials_tenants",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "queues",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "integer", nullable: false),
                    queue_id = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    epoch = table.Column<long>(type: "bigint", nullable: false),
                    settings = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    settings_version = table.Column<int>(type: "integer", nullable: false),
                    live = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_queues", x => new { x.tenant_id, x.queue_id });
                    table.ForeignKey(
                        name: "fk_queues_tenants",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "callbacks",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "integer", nullable: false),
                    callback_id = table.Column<Guid>(type: "uuid", nullable: false),
                    queue_id = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<int>(type: "integer", nullable: false),
                    reason = table.Column<int>(type: "integer", nullable: true),
                    phone_number = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    language = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    target_count = table.Column<int>(type: "integer", nullable: false),
                    scheduled = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    desired_at = table.Column<long>(type: "bigint", nullable: false),
                    sort_key = table.Column<long>(type: "bigint", nullable: false),
                    live_ticket = table.Column<long>(type: "bigint", nullable: false),
                    returns_at = table.Column<long>(type: "bigint", nullable: true),
                    attempts_made = table.Column<int>(type: "integer", nullable: false),
                    trunk_errors_in_row = table.Column<int>(type: "integer", nullable: false),
                    upcoming = table.Column<int>(type: "integer", nullable: false),
                    ready_round = table.Column<int>(type: "integer", nullable: false),
                    ready_ends_at = table.Column<long>(type: "bigint", nullable: true),
                    processing_since = table.Column<long>(type: "bigint", nullable: true),
                    event_sequence = table.Column<int>(type: "integer", nullable: false),
                    timeline_sequence = table.Column<int>(type: "integer", nullable: false),
                    completed_at = table.Column<long>(type: "bigint", nullable: true),
                    user_data = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    route_point = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    survey_route_point = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    priority = table.Column<int>(type: "integer", nullable: true),
                    reporting = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_callbacks", x => new { x.tenant_id, x.callback_id });
                    table.ForeignKey(
                        name: "fk_callbacks_queues",
                        columns: x => new { x.tenant_id, x.queue_id },
                        principalTable: "queues",
                        principalColumns: new[] { "tenant_id", "queue_id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "settings_history",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "integer", nullable: false),
                    queue_id = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    settings = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    changed_by = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    changed_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_settings_history", x => new { x.tenant_id, x.queue_id, x.version });
                    table.ForeignKey(
                        name: "fk_settings_history_queues",
                        columns: x => new { x.tenant_id, x.queue_id },
                        principalTable: "queues",
                        principalColumns: new[] { "tenant_id", "queue_id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "attempts",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "integer", nullable: false),
                    attempt_id = table.Column<Guid>(type: "uuid", nullable: false),
                    queue_id = table.Column<int>(type: "integer", nullable: false),
                    callback_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    agent = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    state = table.Column<int>(type: "integer", nullable: false),
                    outcome = table.Column<int>(type: "integer", nullable: true),
                    started_at = table.Column<long>(type: "bigint", nullable: false),
                    lease_ends_at = table.Column<long>(type: "bigint", nullable: false),
                    ended_at = table.Column<long>(type: "bigint", nullable: true),
                    answer = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_attempts", x => new { x.tenant_id, x.attempt_id });
                    table.ForeignKey(
                        name: "fk_attempts_callbacks",
                        columns: x => new { x.tenant_id, x.callback_id },
                        principalTable: "callbacks",
                        principalColumns: new[] { "tenant_id", "callback_id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "call_in_requests",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "integer", nullable: false),
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    callback_id = table.Column<Guid>(type: "uuid", nullable: true),
                    group_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    to_phone_number = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    from_phone_number = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    access_code = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    user_data = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: false),
                    matched_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_call_in_requests", x => new { x.tenant_id, x.request_id });
                    table.ForeignKey(
                        name: "fk_call_in_requests_callbacks",
                        columns: x => new { x.tenant_id, x.callback_id },
                        principalTable: "callbacks",
                        principalColumns: new[] { "tenant_id", "callback_id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_call_in_requests_tenants",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "push_targets",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "integer", nullable: false),
                    callback_id = table.Column<Guid>(type: "uuid", nullable: false),
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    type = table.Column<int>(type: "integer", nullable: false),
                    address = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    state = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_push_targets", x => new { x.tenant_id, x.callback_id, x.ordinal });
                    table.ForeignKey(
                        name: "fk_push_targets_callbacks",
                        columns: x => new { x.tenant_id, x.callback_id },
                        principalTable: "callbacks",
                        principalColumns: new[] { "tenant_id", "callback_id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "timeline",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "integer", nullable: false),
                    callback_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    detail = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_timeline", x => new { x.tenant_id, x.callback_id, x.sequence });
                    table.ForeignKey(
                        name: "fk_timeline_callbacks",
                        columns: x => new { x.tenant_id, x.callback_id },
                        principalTable: "callbacks",
                        principalColumns: new[] { "tenant_id", "callback_id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "outbox",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "integer", nullable: false),
                    notification_id = table.Column<Guid>(type: "uuid", nullable: false),
                    callback_id = table.Column<Guid>(type: "uuid", nullable: false),
                    @event = table.Column<string>(name: "event", type: "text", nullable: false, collation: "C"),
                    round = table.Column<int>(type: "integer", nullable: false),
                    target_ordinal = table.Column<int>(type: "integer", nullable: false),
                    payload = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    state = table.Column<int>(type: "integer", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    occurred_at = table.Column<long>(type: "bigint", nullable: false),
                    next_at = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: false),
                    lease_owner = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    last_code = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    last_at = table.Column<long>(type: "bigint", nullable: true),
                    finished_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox", x => new { x.tenant_id, x.notification_id });
                    table.ForeignKey(
                        name: "fk_outbox_push_targets",
                        columns: x => new { x.tenant_id, x.callback_id, x.target_ordinal },
                        principalTable: "push_targets",
                        principalColumns: new[] { "tenant_id", "callback_id", "ordinal" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ux_api_keys_hash",
                table: "api_keys",
                columns: new[] { "tenant_id", "hash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_attempts_callback",
                table: "attempts",
                columns: new[] { "tenant_id", "callback_id" });

            migrationBuilder.CreateIndex(
                name: "ix_attempts_live_agent",
                table: "attempts",
                columns: new[] { "tenant_id", "agent" },
                filter: "state = 0");

            migrationBuilder.CreateIndex(
                name: "ix_attempts_not_over",
                table: "attempts",
                columns: new[] { "tenant_id", "queue_id" },
                filter: "state <> 3");

            migrationBuilder.CreateIndex(
                name: "ix_call_in_requests_callback",
                table: "call_in_requests",
                columns: new[] { "tenant_id", "callback_id" },
                filter: "callback_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_call_in_requests_open",
                table: "call_in_requests",
                columns: new[] { "tenant_id", "expires_at" },
                filter: "matched_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_callbacks_not_over",
                table: "callbacks",
                columns: new[] { "tenant_id", "queue_id" },
                filter: "state <> 4");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_pending",
                table: "outbox",
                columns: new[] { "next_at", "tenant_id", "notification_id" },
                filter: "state = 0");

            migrationBuilder.CreateIndex(
                name: "ux_outbox_decision",
                table: "outbox",
                columns: new[] { "tenant_id", "callback_id", "target_ordinal", "event", "round" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_queues_name",
                table: "queues",
                columns: new[] { "tenant_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_tenants_name",
                table: "tenants",
                column: "name",
                unique: true);

            // By hand: lets a statement fail its transaction by itself, so that COMMIT can travel in the same round trip as what it depends on.
            migrationBuilder.Sql(
                """
                create function ringback_require(code text, held boolean) returns void language plpgsql as $$
                begin
                    if held is not true then
                        raise exception using errcode = code, message = 'Ringback takes its transaction back: what it depends on does not hold';
                    end if;
                end
                $$
                """);

            // By hand: every push leaves one or two dead rows and dead index entries behind, the latter at the very end of ix_outbox_pending where
            // each claim begins to read. By default they would stay until a fifth of all pushes ever sent had changed.
            migrationBuilder.Sql("alter table outbox set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000)");

            // By hand: the live side of a queue and the states of a callback change often, and no index holds most of their columns. With room on the
            // page an update need not touch the indexes.
            migrationBuilder.Sql("alter table queues set (fillfactor = 50)");
            migrationBuilder.Sql("alter table callbacks set (fillfactor = 85)");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop function ringback_require(text, boolean)");

            migrationBuilder.DropTable(
                name: "api_keys");

            migrationBuilder.DropTable(
                name: "attempts");

            migrationBuilder.DropTable(
                name: "call_in_groups");

            migrationBuilder.DropTable(
                name: "call_in_requests");

            migrationBuilder.DropTable(
                name: "credentials");

            migrationBuilder.DropTable(
                name: "outbox");

            migrationBuilder.DropTable(
                name: "settings_history");

            migrationBuilder.DropTable(
                name: "timeline");

            migrationBuilder.DropTable(
                name: "push_targets");

            migrationBuilder.DropTable(
                name: "callbacks");

            migrationBuilder.DropTable(
                name: "queues");

            migrationBuilder.DropTable(
                name: "tenants");
        }
    }
}
