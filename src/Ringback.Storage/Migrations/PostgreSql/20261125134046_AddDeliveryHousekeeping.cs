using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ringback.Storage.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class AddDeliveryHousekeeping : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "state_at",
                table: "push_targets",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "state_project",
                table: "push_targets",
                type: "text",
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<long>(
                name: "erased_at",
                table: "callbacks",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "integer", nullable: false),
                    audit_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    actor = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    action = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    detail = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit", x => new { x.tenant_id, x.audit_id });
                    table.ForeignKey(
                        name: "fk_audit_tenants",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "delivery_pauses",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "integer", nullable: false),
                    queue_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    paused_at = table.Column<long>(type: "bigint", nullable: false),
                    paused_by = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_delivery_pauses", x => new { x.tenant_id, x.queue_name });
                    table.ForeignKey(
                        name: "fk_delivery_pauses_tenants",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "outbox_history",
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
                    expires_at = table.Column<long>(type: "bigint", nullable: false),
                    last_code = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    last_at = table.Column<long>(type: "bigint", nullable: true),
                    finished_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox_history", x => new { x.tenant_id, x.notification_id });
                    table.ForeignKey(
                        name: "fk_outbox_history_tenants",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_push_targets_dead",
                table: "push_targets",
                columns: new[] { "tenant_id", "state_at" },
                filter: "state = 1");

            migrationBuilder.CreateIndex(
                name: "ix_callbacks_not_erased",
                table: "callbacks",
                columns: new[] { "tenant_id", "completed_at" },
                filter: "state = 4 and erased_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_call_in_requests_not_erased",
                table: "call_in_requests",
                columns: new[] { "tenant_id", "expires_at" },
                filter: "callback_id is null and (from_phone_number is not null or user_data is not null)");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_history_callback",
                table: "outbox_history",
                columns: new[] { "tenant_id", "callback_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "audit");

            migrationBuilder.DropTable(
                name: "delivery_pauses");

            migrationBuilder.DropTable(
                name: "outbox_history");

            migrationBuilder.DropIndex(
                name: "ix_push_targets_dead",
                table: "push_targets");

            migrationBuilder.DropIndex(
                name: "ix_callbacks_not_erased",
                table: "callbacks");

            migrationBuilder.DropIndex(
                name: "ix_call_in_requests_not_erased",
                table: "call_in_requests");

            migrationBuilder.DropColumn(
                name: "state_at",
                table: "push_targets");

            migrationBuilder.DropColumn(
                name: "state_project",
                table: "push_targets");

            migrationBuilder.DropColumn(
                name: "erased_at",
                table: "callbacks");
        }
    }
}
