using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ringback.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AddQueueDeletion : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ux_queues_name",
                table: "queues");

            migrationBuilder.AddColumn<long>(
                name: "deleted_at",
                table: "queues",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ux_queues_name",
                table: "queues",
                columns: new[] { "tenant_id", "name" },
                unique: true,
                filter: "deleted_at is null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ux_queues_name",
                table: "queues");

            migrationBuilder.DropColumn(
                name: "deleted_at",
                table: "queues");

            migrationBuilder.CreateIndex(
                name: "ux_queues_name",
                table: "queues",
                columns: new[] { "tenant_id", "name" },
                unique: true);
        }
    }
}
