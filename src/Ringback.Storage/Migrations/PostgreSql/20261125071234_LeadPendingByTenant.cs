using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ringback.Storage.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class LeadPendingByTenant : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_outbox_pending",
                table: "outbox");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_pending",
                table: "outbox",
                columns: new[] { "tenant_id", "next_at", "notification_id" },
                filter: "state = 0");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_outbox_pending",
                table: "outbox");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_pending",
                table: "outbox",
                columns: new[] { "next_at", "tenant_id", "notification_id" },
                filter: "state = 0");
        }
    }
}
